/* English names of places whose English name the store does not hold. */
#include "programme/place/book.h"

#include <string.h>

#include "base/count.h"

struct province { int code; const char *name; };
static const struct province provinces[] = {
    { 11, "Beijing" }, { 12, "Tianjin" }, { 13, "Hebei" }, { 14, "Shanxi" }, { 15, "Inner Mongolia" },
    { 21, "Liaoning" }, { 22, "Jilin" }, { 23, "Heilongjiang" }, { 31, "Shanghai" },
    { 32, "Jiangsu" }, { 33, "Zhejiang" }, { 34, "Anhui" }, { 35, "Fujian" }, { 36, "Jiangxi" },
    { 37, "Shandong" }, { 41, "Henan" }, { 42, "Hubei" }, { 43, "Hunan" }, { 44, "Guangdong" },
    { 45, "Guangxi" }, { 46, "Hainan" }, { 50, "Chongqing" }, { 51, "Sichuan" }, { 52, "Guizhou" },
    { 53, "Yunnan" }, { 54, "Tibet" }, { 61, "Shaanxi" }, { 62, "Gansu" }, { 63, "Qinghai" },
    { 64, "Ningxia" }, { 65, "Xinjiang" }, { 71, "Taiwan" }, { 81, "Hong Kong" }, { 82, "Macao" },
};

/* Characters with several readings, where names take another than the usual one. */
struct reading { const char *stem, *name; };
static const struct reading readings[] = {
    { "长春", "Changchun" }, { "长沙", "Changsha" }, { "长治", "Changzhi" }, { "长乐", "Changle" },
    { "长兴", "Changxing" }, { "长丰", "Changfeng" }, { "长安", "Chang'an" }, { "长宁", "Changning" },
    { "长阳", "Changyang" }, { "长武", "Changwu" }, { "长顺", "Changshun" }, { "长泰", "Changtai" },
    { "长汀", "Changting" }, { "长岭", "Changling" }, { "长白", "Changbai" }, { "长岛", "Changdao" },
    { "长清", "Changqing" }, { "长寿", "Changshou" }, { "长垣", "Changyuan" }, { "长葛", "Changge" },
    { "厦门", "Xiamen" }, { "六安", "Lu'an" }, { "乐清", "Yueqing" }, { "番禺", "Panyu" },
    { "蚌埠", "Bengbu" }, { "大埔", "Dabu" }, { "单县", "Shan" }, { "重阳", "Chongyang" },
    { "西安", "Xi'an" }, { "延安", "Yan'an" }, { "泰安", "Tai'an" }, { "淮安", "Huai'an" },
    { "吉安", "Ji'an" }, { "雅安", "Ya'an" }, { "和田", "Hotan" }, { "喀什", "Kashgar" },
    { "吐鲁番", "Turpan" }, { "乌鲁木齐", "Urumqi" }, { "哈密", "Hami" }, { "伊犁", "Ili" },
    { "阿克苏", "Aksu" }, { "呼和浩特", "Hohhot" }, { "包头", "Baotou" }, { "鄂尔多斯", "Ordos" },
    { "拉萨", "Lhasa" }, { "日喀则", "Shigatse" }, { "昌都", "Chamdo" }, { "林芝", "Nyingchi" },
    { "那曲", "Nagqu" }, { "阿里", "Ngari" }, { "山南", "Shannan" }, { "哈尔滨", "Harbin" },
    { "齐齐哈尔", "Qiqihar" }, { "洛浦", "Lop" }, { "策勒", "Qira" }, { "阿亚克萨依", "Ayaksayi" },
};

struct kind { const char *zh, *en; };
static const struct kind kinds[] = {
    { "自治州", "Autonomous Prefecture" }, { "自治县", "Autonomous County" },
    { "自治旗", "Autonomous Banner" }, { "民族乡", "Ethnic Township" }, { "街道办事处", "Subdistrict" },
    { "街道", "Subdistrict" }, { "地区", "Prefecture" }, { "盟", "League" }, { "林区", "Forest District" },
    { "新区", "New Area" }, { "省", "Province" }, { "市", "City" }, { "县", "County" },
    { "区", "District" }, { "旗", "Banner" }, { "镇", "Town" }, { "乡", "Township" },
    { "社区居委会", "Community" }, { "社区居民委员会", "Community" }, { "居委会", "Community" },
    { "社区", "Community" }, { "村民委员会", "Village" }, { "村委会", "Village" }, { "村", "Village" },
};

static const struct kind *kind_of(const char *name, size_t n)
{
    const struct kind *best = NULL;
    for (int i = 0; i < COUNT(kinds); i++) {
        size_t k = strlen(kinds[i].zh);
        if (n > k && memcmp(name + n - k, kinds[i].zh, k) == 0 && (!best || k > strlen(best->zh)))
            best = &kinds[i];
    }
    return best;
}

const char *place_english(struct text *text, int64_t code, const char *chinese, struct arena *a)
{
    if (place_level(code) == 1) {
        for (int i = 0; i < COUNT(provinces); i++)
            if (provinces[i].code == code / INT64_C(10000000000)) return provinces[i].name;
        return NULL;
    }
    if (!text) return NULL;
    size_t n = strlen(chinese);
    const struct kind *kind = kind_of(chinese, n);
    size_t stem = place_stem(chinese, n);
    /* A village's kind is no part of what place_stem takes off. */
    if (stem == n && kind) stem = n - strlen(kind->zh);
    for (int i = 0; i < COUNT(readings); i++)
        if (strlen(readings[i].stem) == stem && memcmp(readings[i].stem, chinese, stem) == 0)
            return kind ? arena_printf(a, "%s %s", readings[i].name, kind->en)
                        : readings[i].name;
    char *roman = arena_strdup(a, text_roman(text, chinese, stem, a));
    if (!*roman) return NULL;
    if (*roman >= 'a' && *roman <= 'z') *roman = (char)(*roman - 'a' + 'A');
    return kind ? arena_printf(a, "%s %s", roman, kind->en) : roman;
}
