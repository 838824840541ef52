/* Numbers, money and dates as each language writes them. */
#include "web/web.h"

#include <string.h>

#include "base/date.h"
#include "base/money.h"

struct unit { const char *unit, *one, *many, *zh; };

/* A unit that is not here is written as it is. */
static const struct unit units[] = {
    { "person", "person", "people", "人" }, { "household", "household", "households", "户" },
    { "village", "village", "villages", "个村" }, { "county", "county", "counties", "个县" },
    { "place", "place", "places", "个地区" }, { "area", "area", "areas", "个地区" },
    { "project", "project", "projects", "个项目" }, { "workshop", "workshop", "workshops", "个车间" },
    { "firm", "firm", "firms", "家企业" }, { "company", "company", "companies", "家公司" },
    { "organisation", "organisation", "organisations", "家单位" }, { "unit", "unit", "units", "个单位" },
    { "objection", "objection", "objections", "件异议" },
    { "agreement", "agreement", "agreements", "份协议" }, { "batch", "batch", "batches", "批" },
    { "event", "event", "events", "场活动" }, { "activity", "activity", "activities", "项活动" },
    { "visit", "visit", "visits", "次走访" }, { "meeting", "meeting", "meetings", "次会议" },
    { "post", "post", "posts", "个岗位" }, { "task", "task", "tasks", "项任务" },
    { "school", "school", "schools", "所学校" }, { "site", "site", "sites", "处场所" },
    { "station", "station", "stations", "个站点" }, { "park", "park", "parks", "个园区" },
    { "hall", "hall", "halls", "个场馆" },
    { "channel", "channel", "channels", "个渠道" },
    { "centre", "centre", "centres", "个中心" }, { "feature", "feature", "features", "项特色" },
    { "record", "record", "records", "条记录" }, { "kind", "kind", "kinds", "类" },
    { "frame", "frame", "frames", "个框架" },
    { "purpose", "purpose", "purposes", "类用途" },
    { "tonne", "tonne", "tonnes", "吨" }, { "dollar", "US dollar", "US dollars", "美元" },
    { "year", "year", "years", "年" }, { "mu", "mu", "mu", "亩" }, { "m2", "m²", "m²", "平方米" },
    { "km", "km", "km", "公里" }, { "degree", "°", "°", "度" }, { "month", "month", "months", "个月" },
    { "day", "day", "days", "天" }, { "yuan", "yuan", "yuan", "元" }, { "percent", "%", "%", "%" },
};

const char *unit_name(const struct request *q, const char *unit, int64_t count)
{
    if (!unit || !*unit) return "";
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(units[i].unit, unit) != 0) continue;
        if (q->zh) return units[i].zh;
        return count == 1 ? units[i].one : units[i].many;
    }
    return unit;
}

const char *number_text(const struct request *q, int64_t v, int scale)
{
    char plain[DECIMAL_TEXT], out[2 * DECIMAL_TEXT];
    size_t n = decimal_format(v, scale, plain), at = 0, i = 0;
    const char *s = plain;
    if (*s == '-') {
        memcpy(out, "\xE2\x88\x92", 3);
        at = 3;
        s++;
        n--;
    }
    size_t whole = strcspn(s, ".");
    for (; i < whole; i++) {
        if (i && (whole - i) % 3 == 0) out[at++] = ',';
        out[at++] = s[i];
    }
    for (; i < n; i++) out[at++] = s[i];
    return arena_strndup(q->arena, out, at);
}

/* v / 10^down with at most `most` decimals, without zeros at its end. */
static const char *shifted(const struct request *q, int64_t v, int64_t by, int most)
{
    int64_t ten = 1, x;
    for (int i = 0; i < most; i++) ten *= 10;
    if (!ratio_round(v, ten, by, &x)) x = v;
    while (most > 0 && x % 10 == 0) {
        x /= 10;
        most--;
    }
    return number_text(q, x, most);
}

static const char *yuan_zh(const struct request *q, int64_t fen, bool brief)
{
    const int64_t wan = 1000000, yi = INT64_C(10000000000);
    int64_t size = fen < 0 ? -fen : fen;
    if (size >= yi && (brief || size % wan == 0))
        return arena_printf(q->arena, "%s 亿元", shifted(q, fen, yi, brief ? 2 : 4));
    if (size >= wan && (brief || size % 1000000 == 0))
        return arena_printf(q->arena, "%s 万元", shifted(q, fen, wan, brief ? 1 : 0));
    return arena_printf(q->arena, "%s 元", shifted(q, fen, 100, 2));
}

static const char *yuan_en(const struct request *q, int64_t fen, bool brief)
{
    const int64_t million = 100000000, billion = INT64_C(100000000000);
    int64_t size = fen < 0 ? -fen : fen;
    const char *sign = fen < 0 ? "\xE2\x88\x92" : "";
    if (brief && size >= billion)
        return arena_printf(q->arena, "%s¥%sB", sign, shifted(q, size, billion, 2));
    if (brief && size >= million)
        return arena_printf(q->arena, "%s¥%sM", sign, shifted(q, size, million, 1));
    if (brief && size >= million / 100)
        return arena_printf(q->arena, "%s¥%sk", sign, shifted(q, size, million / 1000, 0));
    if (size % 100 == 0) return arena_printf(q->arena, "%s¥%s", sign, number_text(q, size / 100, 0));
    return arena_printf(q->arena, "%s¥%s", sign, number_text(q, size, 2));
}

const char *money_text(const struct request *q, int64_t fen, bool brief)
{
    return q->zh ? yuan_zh(q, fen, brief) : yuan_en(q, fen, brief);
}

const char *date_text(const struct request *q, int32_t date, bool table)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
                                          "Sep", "Oct", "Nov", "Dec" };
    struct civil c = date_civil(date);
    if (table) {
        char out[DATE_TEXT];
        date_format(date, out);
        return arena_strdup(q->arena, out);
    }
    if (q->zh) return arena_printf(q->arena, "%d年%d月%d日", c.year, c.month, c.day);
    return arena_printf(q->arena, "%d %s %d", c.day, months[c.month - 1], c.year);
}

const char *instant_text(const struct request *q, int64_t at)
{
    const int64_t minute = 60000000;
    int zone = q->seat->site->zone;
    int64_t local = at / minute + zone;
    int32_t day = instant_date(at, zone);
    int64_t in_day = local - (int64_t)day * 1440;
    return arena_printf(q->arena, "%s%s%02d:%02d", date_text(q, day, false), q->zh ? " " : ", ",
                        (int)(in_day / 60), (int)(in_day % 60));
}

const char *figure_label(const struct request *q, const struct figure *f)
{
    return q->zh ? f->zh : f->en;
}

/* What the figure room says in English constants. */
const char *rests_text(const struct request *q, const char *rests_on)
{
    static const struct { const char *en, *zh; } words[] = {
        { "recorded", "登记记录" }, { "restated", "转述" }, { "synthetic", "模拟数据" },
        { "derived back", "由报道反推" }, { "no records", "无记录" }, { "mixed", "多种来源" },
        { "hidden, so that no single household can be found", "数量过少，不予显示" },
        { "no record behind it has an amount", "相关记录都没有数额" },
        { "not published yet", "尚未公布" }, { "not told", "不予说明" }, { "not open to you", "对您不开放" },
        { "outside of what you may see", "不在您的范围内" },
    };
    if (!q->zh) return rests_on;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].en, rests_on) == 0) return words[i].zh;
    return rests_on;
}

static bool is_unit(const struct figure *f, const char *unit)
{
    return f->unit && strcmp(f->unit, unit) == 0;
}

static const char *sign_text(enum qualifier qu)
{
    static const char *const signs[] = { [Q_EQ] = "", [Q_GE] = "≥ ", [Q_GT] = "> ", [Q_LE] = "≤ ",
                                         [Q_LT] = "< ", [Q_APPROX] = "≈ ", [Q_MIXED] = "± " };
    return signs[qu];
}

const char *value_text(const struct request *q, const struct figure *f,
                       const struct figure_value *v, bool brief)
{
    if (!v->known && v->why && strncmp(v->why, "hidden", 6) == 0) return tr(q, "too few to show", "过少，不显示");
    if (!v->known && v->why && strncmp(v->why, "not ", 4) == 0) return rests_text(q, v->why);
    if (!v->known) return tr(q, "unknown", "未知");
    const char *sign = sign_text(v->qualifier);
    bool yuan = is_unit(f, "yuan");
    int64_t fen = v->value;
    for (int i = v->scale; yuan && i > 2; i--) fen /= 10;
    bool whole = v->scale >= 2 || i64_mul(v->value, v->scale == 1 ? 10 : 100, &fen);
    if (yuan && whole) return arena_printf(q->arena, "%s%s", sign, money_text(q, fen, brief));
    const char *number = number_text(q, v->value, v->scale);
    if (is_unit(f, "percent")) return arena_printf(q->arena, "%s%s%%", sign, number);
    const char *unit = unit_name(q, f->unit, v->scale ? 2 : v->value);
    if (brief || !*unit) return arena_printf(q->arena, "%s%s", sign, number);
    return arena_printf(q->arena, "%s%s %s", sign, number, unit);
}
