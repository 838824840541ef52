/* The table of pages. */
#include "pages/parts.h"

const struct route page_routes[] = {
    { "GET", "/", VIEWER_PUBLIC, overview_page },
    { "GET", "/claims", VIEWER_PUBLIC, claims_page },
    { "GET", "/figures", VIEWER_PUBLIC, figures_page },
    { "GET", "/figures/:name", VIEWER_PUBLIC, figure_page },
    { "GET", "/figures/:name/table.csv", VIEWER_PUBLIC, figure_csv },
    { "GET", "/figures/:name/trace", VIEWER_PUBLIC, trace_page },
    { "GET", "/places", VIEWER_PUBLIC, places_page },
    { "GET", "/places/:place", VIEWER_PUBLIC, place_page },
    { "GET", "/flow", VIEWER_OPERATOR, flow_page },
    { "GET", "/map", VIEWER_PUBLIC, map_page },
    { "GET", "/map/pairings", VIEWER_PUBLIC, pairings_page },
    { "GET", "/search", VIEWER_PUBLIC, search_page },
    { "GET", "/records", VIEWER_PUBLIC, records_page },
    { "GET", "/records/:entity", VIEWER_PUBLIC, list_page },
    { "GET", "/records/:entity/export", VIEWER_PUBLIC, export_file },
    { "GET", "/records/:entity/:row", VIEWER_PUBLIC, record_page },
    { "GET", "/api/v1/entities", VIEWER_PUBLIC, api_entities },
    { "GET", "/api/v1/records/:entity", VIEWER_PUBLIC, api_list },
    { "GET", "/api/v1/records/:entity/:row", VIEWER_PUBLIC, api_record },
    { "GET", "/api/v1/figures", VIEWER_PUBLIC, api_figures },
    { "GET", "/api/v1/figures/:name", VIEWER_PUBLIC, api_figure },
    { "GET", "/api/v1/claims", VIEWER_PUBLIC, api_claims },
    { "GET", "/api/v1/openapi.json", VIEWER_PUBLIC, api_description },
};
const int page_route_count = COUNT(page_routes);
