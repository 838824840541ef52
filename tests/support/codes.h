/* codes: the code lists of the fields that every entity has, for toy programmes. */
#ifndef JD_TESTS_SUPPORT_CODES_H
#define JD_TESTS_SUPPORT_CODES_H

#define SHARED_CODES \
    "list,code,name_zh,name_en,source\n" \
    "qualifier,eq,等于,exactly,test\n" \
    "qualifier,ge,不少于,at least,test\n" \
    "qualifier,gt,超过,more than,test\n" \
    "qualifier,le,不超过,at most,test\n" \
    "qualifier,lt,不足,less than,test\n" \
    "qualifier,approx,约,about,test\n" \
    "fact_state,planned,计划,planned,test\n" \
    "fact_state,committed,承诺,committed,test\n" \
    "fact_state,done,完成,done,test\n" \
    "basis,recorded,记录,recorded,test\n" \
    "basis,restated,转述,restated,test\n" \
    "basis,synthetic,合成,synthetic,test\n" \
    "basis,derived,倒推,derived,test\n" \
    "confirmation,one_sided,单方,one-sided,test\n" \
    "confirmation,confirmed,已确认,confirmed,test\n" \
    "confirmation,corrected,已更正,corrected,test\n" \
    "confirmation,disputed,有异议,disputed,test\n"

#endif
