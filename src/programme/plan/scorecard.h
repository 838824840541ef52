/* scorecard: cards by which a place or an organisation is assessed, as dated data.
 *
 * A card has items; an item names a figure, its full points and the rule that turns the figure into
 * points (score.h), or has its points typed. Weights are the office's to set: an item says who set
 * its weight, and every print counts those that nobody has. A typed point says who typed it and why; it
 * stands only where no figure gives the item.
 *
 * Points and ratings are kept from those who are assessed and from the public (ACCESS_MONEY): they
 * would be ranks. A place is shown its own by the card (scorecard_read.h). */
#ifndef JD_PROGRAMME_PLAN_SCORECARD_H
#define JD_PROGRAMME_PLAN_SCORECARD_H

#include "entity/entity.h"

enum scorecard_col { SCORECARD_CODE, SCORECARD_TITLE, SCORECARD_TITLE_ZH, SCORECARD_SIDE,
    SCORECARD_LEVEL, SCORECARD_FULL_POINTS, SCORECARD_GRADES, SCORECARD_ORGANISATION, SCORECARD_NCOLS };
enum scorecard_item_col { SCORECARD_ITEM_CODE, SCORECARD_ITEM_SCORECARD, SCORECARD_ITEM_HEAD,
    SCORECARD_ITEM_TITLE, SCORECARD_ITEM_TITLE_ZH, SCORECARD_ITEM_INDICATOR,
    SCORECARD_ITEM_WEIGHT, SCORECARD_ITEM_WEIGHT_SET_BY, SCORECARD_ITEM_SCORING, SCORECARD_ITEM_WANTED,
    SCORECARD_ITEM_TARGET_VALUE, SCORECARD_ITEM_TARGET_FIGURE, SCORECARD_ITEM_STEPS,
    SCORECARD_ITEM_POINTS_OFF, SCORECARD_ITEM_OFF_FOR_EACH, SCORECARD_ITEM_NO_RECORDS,
    SCORECARD_ITEM_NCOLS };
enum scorecard_point_col { SCORECARD_POINT_CODE, SCORECARD_POINT_PLACE,
    SCORECARD_POINT_ORGANISATION, SCORECARD_POINT_SCORECARD_ITEM, SCORECARD_POINT_POINTS,
    SCORECARD_POINT_GIVEN_BY, SCORECARD_POINT_PERSON_NAME, SCORECARD_POINT_REASON,
    SCORECARD_POINT_NCOLS };
enum rating_col { RATING_CODE, RATING_PLACE, RATING_ORGANISATION, RATING_KIND, RATING_SCORECARD,
    RATING_GRADE, RATING_STARS, RATING_GIVEN_BY, RATING_REASON, RATING_NCOLS };

extern const struct entity scorecard_entity, scorecard_item_entity, scorecard_point_entity,
    rating_entity;

#endif
