/* One line of a run as it is typed: columns, names, accounts, periods. */
#include <stdio.h>

#include "base/codes.h"
#include "base/date.h"
#include "base/utf8.h"
#include "programme/money/pay_part.h"

const struct in_column pay_columns[PAY_CELLS] = {
    [CELL_PAYEE] = { "payee", "Payee", "收款人", "收款人编号;户编号;人员编号;household;person;organisation;code", false },
    [CELL_KIND] = { "kind", "Kind of payee", "收款人类别", "类别;类型", false },
    [CELL_NAME] = { "name", "Name of the holder", "收款户名", "户名;姓名;收款人姓名;收款人名称;收款方户名", false },
    [CELL_ACCOUNT] = { "account", "Bank account", "银行账号", "账号;卡号;银行卡号;收款账号;收款人账号;bank_card", false },
    [CELL_BANK] = { "bank_code", "Bank number", "行号", "联行号;支付行号;收款行行号;开户行行号", false },
    [CELL_BANK_NAME] = { "bank_name", "Bank", "开户银行", "开户行;收款行;收款行名称", false },
    [CELL_AMOUNT] = { "amount", "Amount", "金额", "付款金额;发放金额;金额(元)", true },
    [CELL_PURPOSE] = { "purpose", "Purpose", "用途", "款项用途", false },
    [CELL_PERIOD] = { "period", "Period", "所属期", "所属期间;月份;年月;期间", false },
    [CELL_PLACE] = { "place", "Place", "地区", "所在村;行政村", false },
    [CELL_RECORD] = { "record", "For the record", "依据记录", "依据", false },
};

/* --- names and accounts --- */

const char *pay_name_fault(const char *s, size_t n)
{
    size_t used, count = 0;
    if (n == 0) return "a payee has a name";
    for (size_t i = 0; i < n; i += used, count++) {
        uint32_t c = utf8_decode(s + i, n - i, &used);
        if (c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0xfffe || c == 0xffff)
            return "a name has no control characters";
    }
    return count > 70 ? "the bank takes names of at most 70 characters" : NULL;
}

const char *pay_account_fault(const char *s, size_t n, bool company)
{
    size_t digit = 0;
    for (size_t i = 0; i < n; i++) {
        bool is = s[i] >= '0' && s[i] <= '9';
        if (!is && !(company && s[i] == '-' && i > 0 && i + 1 < n))
            return company ? "an account has digits, and perhaps hyphens between them"
                           : "an account has digits alone";
        digit += is;
    }
    if (digit < 6 || n > 34) return "an account has 6 to 34 digits";
    if (!company && n >= 16 && n <= 19 && !luhn_check(s, n))
        return "the last digit of the card does not fit the others";
    return NULL;
}

bool pay_run_code(const char *s)
{
    size_t n = 0;
    for (; s[n]; n++) {
        bool plain = (s[n] >= '0' && s[n] <= '9') || (s[n] >= 'A' && s[n] <= 'Z') ||
                     (s[n] >= 'a' && s[n] <= 'z');
        if (!plain && !(s[n] == '-' && n > 0)) return false;
    }
    return n >= 1 && n <= PAY_RUN_CODE;
}

/* --- periods --- */

static bool digits4(const char *s, size_t n)
{
    for (int i = 0; i < 4; i++)
        if ((size_t)i >= n || s[i] < '0' || s[i] > '9') return false;
    return true;
}

/* What stands behind the year: "H1", "-Q2", "年上半年", "第三季度"; months, or 0. */
static int part_of_year(const char *s, size_t n, int *first)
{
    static const struct { const char *text; int first, months; } parts[] = {
        { "H1", 1, 6 }, { "H2", 7, 6 }, { "上半年", 1, 6 }, { "下半年", 7, 6 },
        { "Q1", 1, 3 }, { "Q2", 4, 3 }, { "Q3", 7, 3 }, { "Q4", 10, 3 },
        { "第一季度", 1, 3 }, { "第二季度", 4, 3 }, { "第三季度", 7, 3 }, { "第四季度", 10, 3 },
        { "一季度", 1, 3 }, { "二季度", 4, 3 }, { "三季度", 7, 3 }, { "四季度", 10, 3 },
    };
    static const char year[] = "年";
    if (n >= sizeof year - 1 && memcmp(s, year, sizeof year - 1) == 0) {
        s += sizeof year - 1;
        n -= sizeof year - 1;
    }
    if (n > 0 && *s == '-') s++, n--;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strlen(parts[i].text) == n && memcmp(parts[i].text, s, n) == 0) {
            *first = parts[i].first;
            return parts[i].months;
        }
    return 0;
}

static void write_period(struct pay_period *p)
{
    struct civil a = date_civil(p->from), b = date_civil(p->to);
    int months = (b.year - a.year) * 12 + b.month - a.month + 1;
    char day[DATE_TEXT];
    if (p->from == p->to) {
        date_format(p->from, day);
        snprintf(p->text, sizeof p->text, "%s", day);
    } else if (months == 12) {
        snprintf(p->text, sizeof p->text, "%04d", a.year);
    } else if (months == 6) {
        snprintf(p->text, sizeof p->text, "%04dH%d", a.year, a.month > 6 ? 2 : 1);
    } else if (months == 3) {
        snprintf(p->text, sizeof p->text, "%04dQ%d", a.year, (a.month + 2) / 3);
    } else {
        snprintf(p->text, sizeof p->text, "%04d-%02d", a.year, a.month);
    }
}

bool pay_period_read(const char *s, size_t n, struct pay_period *out)
{
    int first = 0, months = digits4(s, n) ? part_of_year(s + 4, n - 4, &first) : 0;
    if (months) {
        int32_t year = (s[0] - '0') * 1000 + (s[1] - '0') * 100 + (s[2] - '0') * 10 + s[3] - '0';
        if (year < 1) return false;
        out->from = date_make(year, first, 1);
        out->to = date_add_months(out->from, months) - 1;
    } else if (!date_parse(s, n, DATE_FIRST, &out->from) || !date_parse(s, n, DATE_LAST, &out->to)) {
        return false;
    }
    write_period(out);
    return true;
}
