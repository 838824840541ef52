#include "base/codes.h"

#include <string.h>

#include "base/date.h"

static bool digits(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] < '0' || s[i] > '9') return false;
    return true;
}

static int number(const char *s, size_t n)
{
    int v = 0;
    for (size_t i = 0; i < n; i++) v = v * 10 + (s[i] - '0');
    return v;
}

/* Nobody in a register was born before 1800; such a year is a misprint. */
static bool birth_of(const char *eight, int32_t *birth)
{
    int year = number(eight, 4), month = number(eight + 4, 2), day = number(eight + 6, 2);
    if (year < 1800 || !date_valid(year, month, day)) return false;
    *birth = date_make(year, month, day);
    return true;
}

/* ISO 7064 MOD 11-2: the weight of a place is 2 to the power of its distance from the end. */
char citizen_id_check_char(const char *first17)
{
    static const int weight[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    int sum = 0;
    for (int i = 0; i < 17; i++) sum += (first17[i] - '0') * weight[i];
    return "10X98765432"[sum % 11];
}

enum id_fault citizen_id_check(const char *s, size_t n, int32_t *birth, int *sex)
{
    if (n != 18) return ID_LENGTH;
    char last = s[17] == 'x' ? 'X' : s[17];
    if (!digits(s, 17) || (last != 'X' && !digits(&last, 1))) return ID_CHARACTER;
    int32_t born;
    if (!birth_of(s + 6, &born)) return ID_BIRTH;
    if (citizen_id_check_char(s) != last) return ID_CHECK;
    if (birth) *birth = born;
    if (sex) *sex = (s[16] - '0') % 2 ? 1 : 2;
    return ID_OK;
}

bool citizen_id_upgrade(const char *s, size_t n, char out[19])
{
    if (n != 15 || !digits(s, 15)) return false;
    char id[19];
    memcpy(id, s, 6);
    memcpy(id + 6, "19", 2);
    memcpy(id + 8, s + 6, 9);
    int32_t born;
    if (!birth_of(id + 6, &born)) return false;
    id[17] = citizen_id_check_char(id);
    id[18] = '\0';
    memcpy(out, id, sizeof id);
    return true;
}

bool citizen_id_synthetic(const char *s, size_t n)
{
    return n >= 2 && s[0] == '9' && s[1] == '9';
}

/* The alphabet leaves out I, O, S, V and Z. */
static int credit_value(char c)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const char *at = c ? strchr(alphabet, c) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

bool credit_code_check(const char *s, size_t n)
{
    if (n != 18) return false;
    int sum = 0, weight = 1;
    for (int i = 0; i < 17; i++, weight = weight * 3 % 31) {
        int v = credit_value(s[i]);
        if (v < 0) return false;
        sum += v * weight;
    }
    return credit_value(s[17]) == (31 - sum % 31) % 31;
}

bool organisation_code_check(const char *s, size_t n)
{
    static const int weight[8] = { 3, 7, 9, 10, 5, 8, 4, 2 };
    if (n == 10 && s[8] != '-') return false;
    if (n != 9 && n != 10) return false;
    int sum = 0;
    for (int i = 0; i < 8; i++) {
        if (s[i] >= '0' && s[i] <= '9')
            sum += (s[i] - '0') * weight[i];
        else if (s[i] >= 'A' && s[i] <= 'Z')
            sum += (s[i] - 'A' + 10) * weight[i];
        else
            return false;
    }
    return s[n - 1] == "0X987654321"[sum % 11];
}

bool luhn_check(const char *s, size_t n)
{
    if (n < 12 || n > 19 || !digits(s, n)) return false;
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        int d = s[n - 1 - i] - '0';
        if (i % 2) d = d < 5 ? d * 2 : d * 2 - 9;
        sum += d;
    }
    return sum % 10 == 0;
}

bool cnaps_check(const char *s, size_t n)
{
    if (n != 12 || !digits(s, n)) return false;
    int product = 10;
    for (size_t i = 0; i < 11; i++) {
        int sum = (product + s[i] - '0') % 10;
        product = (sum ? sum : 10) * 2 % 11;
    }
    return (11 - product) % 10 == s[11] - '0';
}

/* Area codes have three digits where the second is 1 or 2 (010, 02x), else four. */
bool phone_check(const char *s, size_t n)
{
    if (n == 11 && s[0] == '1') return digits(s, n);
    if (n < 10 || s[0] != '0' || s[1] < '1' || s[1] > '9') return false;
    size_t area = s[1] <= '2' ? 3 : 4;
    size_t local = s[area] == '-' ? area + 1 : area;
    return (n - local == 7 || n - local == 8) && digits(s, area) && digits(s + local, n - local);
}
