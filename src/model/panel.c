/* The panel of a project: reads the section `panel` and lays the units on it (model/panel_placement). */
#include "model/panel.h"

#include "model/panel_placement.h"

tgv_status tgv_panel_build(const struct tgv_project *p, struct tgv_panel *out)
{
  struct tgv_placement q = {
      .round = tgv_chosen(p, TGV_P_panel_shape, "round"),
      .width = tgv_real(p, TGV_P_panel_width),
      .height = tgv_real(p, TGV_P_panel_height),
      .edge_exclusion = tgv_real(p, TGV_P_panel_edge_exclusion),
      .street = tgv_real(p, TGV_P_panel_street),
      .unit_width = tgv_real(p, TGV_P_package_width),
      .unit_height = tgv_real(p, TGV_P_package_height),
      .turn = TGV_TURN_AUTO,
      .search = tgv_chosen(p, TGV_P_panel_placement, "search"),
  };
  if (tgv_chosen(p, TGV_P_panel_rotation, "0")) q.turn = TGV_TURN_NONE;
  if (tgv_chosen(p, TGV_P_panel_rotation, "90")) q.turn = TGV_TURN_90;
  TGV_TRY_NOTE(tgv_panel_place(&q, out), "laying units on the panel of %s", tgv_project_file(p));
  return TGV_OK;
}
