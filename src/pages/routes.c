/* The table of pages. */
#include "pages/parts.h"

const struct route page_routes[] = {
    { "GET", "/", WHO_LOOKS, overview_page },
    { "GET", "/claims", WHO_LOOKS, claims_page },
    { "GET", "/figures", WHO_LOOKS, figures_page },
    { "GET", "/figures/:name", WHO_LOOKS, figure_page },
    { "GET", "/figures/:name/table.csv", WHO_LOOKS, figure_csv },
    { "GET", "/figures/:name/years.svg", WHO_LOOKS, figure_years_svg },
    { "GET", "/figures/:name/places.svg", WHO_LOOKS, figure_places_svg },
    { "GET", "/figures/:name/trace", WHO_LOOKS, trace_page },
    { "GET", "/places", WHO_LOOKS, places_page },
    { "GET", "/places/:place", WHO_LOOKS, place_page },
    { "GET", "/flow", WHO_LOOKS, flow_page },
    { "GET", "/map", WHO_LOOKS, map_page },
    { "GET", "/map/pairings", WHO_LOOKS, pairings_page },
    { "GET", "/search", WHO_LOOKS, search_page },
    { "GET", "/records", WHO_LOOKS, records_page },
    { "GET", "/records/:entity", WHO_LOOKS, list_page },
    { "GET", "/records/:entity/export", WHO_LOOKS, export_file },
    { "GET", "/records/:entity/:row", WHO_LOOKS, record_page },
    { "GET", "/api/v1/entities", WHO_LOOKS, api_entities },
    { "GET", "/api/v1/records/:entity", WHO_LOOKS, api_list },
    { "GET", "/api/v1/records/:entity/:row", WHO_LOOKS, api_record },
    { "GET", "/api/v1/figures", WHO_LOOKS, api_figures },
    { "GET", "/api/v1/figures/:name", WHO_LOOKS, api_figure },
    { "GET", "/api/v1/claims", WHO_LOOKS, api_claims },
    { "GET", "/api/v1/openapi.json", WHO_LOOKS, api_description },
};
const int page_route_count = COUNT(page_routes);
