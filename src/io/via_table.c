/* A via is a pure function of its number, so the table is not kept while the panel is surveyed: it is made again here, in order,
   stretch by stretch. Compression, not simulation, is what this costs. */
#include "io/via_table.h"

#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/parallel.h"
#include "core/text.h"
#include "model/block_order.h"

enum { STRETCH = 128 }; /* blocks that are made and written at a time: 65,536 vias, 2.6 MB */

static const enum tgv_column stored[] = {TGV_C_D_top, TGV_C_D_waist, TGV_C_D_bottom, TGV_C_offset_x,
                                         TGV_C_offset_y};

enum { COLUMNS = sizeof stored / sizeof *stored, DATASETS = COLUMNS + 3 };

struct table {
  hid_t     file, dataset[DATASETS]; /* x, y, flags, then the columns */
  double   *x, *y;                   /* [STRETCH * TGV_BLOCK] */
  uint32_t *flags;
  float    *column[COLUMNS];
};

static tgv_status failed(const char *path)
{
  return tgv_fail(TGV_FILE, "HDF5 cannot write \"%s\" (is the disk full?)", path);
}

static void set_text(hid_t object, const char *name, const char *text)
{
  hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR), attribute;

  H5Tset_size(type, strlen(text) + 1);
  attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  H5Awrite(attribute, type, text);
  H5Aclose(attribute);
  H5Sclose(space);
  H5Tclose(type);
}

static void set_number(hid_t object, const char *name, uint64_t value)
{
  hid_t space = H5Screate(H5S_SCALAR);
  hid_t attribute = H5Acreate2(object, name, H5T_STD_U64LE, space, H5P_DEFAULT, H5P_DEFAULT);

  H5Awrite(attribute, H5T_NATIVE_UINT64, &value);
  H5Aclose(attribute);
  H5Sclose(space);
}

static hid_t make_dataset(hid_t file, const char *name, hid_t type, uint64_t total)
{
  hsize_t size = total, chunk = total < STRETCH * TGV_BLOCK ? total : STRETCH * TGV_BLOCK;
  hid_t   space = H5Screate_simple(1, &size, NULL), how = H5Pcreate(H5P_DATASET_CREATE), set;

  H5Pset_chunk(how, 1, &chunk);
  H5Pset_shuffle(how);
  H5Pset_deflate(how, 1);
  set = H5Dcreate2(file, name, type, space, H5P_DEFAULT, how, H5P_DEFAULT);
  H5Pclose(how);
  H5Sclose(space);
  return set;
}

/* The groups in order, so that a reader can tell group and unit of a row: unit = row / vias_per_unit. */
static void write_groups(hid_t file, const struct tgv_package *k)
{
  for (size_t g = 0; g < k->group_count; g++) {
    char  name[64];
    hid_t at;

    snprintf(name, sizeof name, "groups/%03zu", g);
    if (g == 0) H5Gclose(H5Gcreate2(file, "groups", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    at = H5Gcreate2(file, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    set_text(at, "name", k->group[g].name);
    set_text(at, "function", k->group[g].function);
    set_number(at, "first", k->group[g].first);
    set_number(at, "count", k->group[g].count);
    H5Gclose(at);
  }
}

static void write_header(const struct table *t, const struct tgv_run *run, uint32_t number)
{
  set_text(t->file, "program", "tgv " TGV_VERSION);
  set_text(t->file, "project", tgv_text(run->project, TGV_P_project_name));
  set_number(t->file, "seed", (uint64_t)tgv_count(run->project, TGV_P_project_seed));
  set_number(t->file, "lot", (uint64_t)tgv_count(run->project, TGV_P_project_lot));
  set_number(t->file, "panel", number);
  set_number(t->file, "vias_per_unit", run->package.via_count);
  set_number(t->file, "units", run->panel.unit_count);
  for (int c = 0; c < TGV_CAUSE_COUNT; c++) {
    char name[32];

    snprintf(name, sizeof name, "flag_bit_%d", c);
    set_text(t->dataset[2], name, tgv_cause_info((enum tgv_cause)c)->name);
  }
  write_groups(t->file, &run->package);
}

static tgv_status open_table(struct table *t, const struct tgv_run *run, uint32_t number, const char *path)
{
  uint64_t total = run->package.via_count * run->panel.unit_count;

  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  t->file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  if (t->file < 0) return failed(path);
  t->dataset[0] = make_dataset(t->file, "x", H5T_IEEE_F64LE, total);
  t->dataset[1] = make_dataset(t->file, "y", H5T_IEEE_F64LE, total);
  t->dataset[2] = make_dataset(t->file, "flags", H5T_STD_U32LE, total);
  for (int c = 0; c < COLUMNS; c++) {
    const struct tgv_column_info *info = tgv_column_info(stored[c]);

    t->dataset[c + 3] = make_dataset(t->file, info->symbol, H5T_IEEE_F32LE, total);
    if (t->dataset[c + 3] < 0) return failed(path);
    set_text(t->dataset[c + 3], "meaning", info->help);
    set_text(t->dataset[c + 3], "unit", tgv_dimension_si_unit(info->dimension));
  }
  for (int i = 0; i < 3; i++)
    if (t->dataset[i] < 0) return failed(path);
  set_text(t->dataset[0], "meaning", "design position on the panel, from its centre, to the right");
  set_text(t->dataset[1], "meaning", "design position on the panel, from its centre, upwards");
  set_text(t->dataset[2], "meaning",
           "bit i is set if the via has failed for the cause named by attribute flag_bit_i");
  set_text(t->dataset[0], "unit", "m");
  set_text(t->dataset[1], "unit", "m");
  write_header(t, run, number);
  t->x = tgv_allocate(STRETCH * TGV_BLOCK, sizeof *t->x);
  t->y = tgv_allocate(STRETCH * TGV_BLOCK, sizeof *t->y);
  t->flags = tgv_allocate(STRETCH * TGV_BLOCK, sizeof *t->flags);
  for (int c = 0; c < COLUMNS; c++) t->column[c] = tgv_allocate(STRETCH * TGV_BLOCK, sizeof *t->column[c]);
  return TGV_OK;
}

static void close_table(struct table *t)
{
  for (int i = 0; i < DATASETS; i++)
    if (t->dataset[i] > 0) H5Dclose(t->dataset[i]);
  for (int c = 0; c < COLUMNS; c++) free(t->column[c]);
  free(t->x);
  free(t->y);
  free(t->flags);
}

/* Makes blocks first .. end - 1 side by side; they lie in the table one after the other. */
static void make_stretch(struct table *t, const struct tgv_run *run, const struct tgv_block_order *o,
                         uint64_t first, uint64_t end, uint64_t first_id)
{
#pragma omp parallel num_threads(tgv_parallel_threads())
  {
    struct tgv_block *b = tgv_block_new();

#pragma omp for schedule(dynamic, 4)
    for (uint64_t i = first; i < end; i++) {
      size_t at;

      tgv_flow_block(run->flow, o, i, b);
      at = (size_t)(b->id - first_id);
      memcpy(t->x + at, b->x, b->n * sizeof *b->x);
      memcpy(t->y + at, b->y, b->n * sizeof *b->y);
      memcpy(t->flags + at, b->flags, b->n * sizeof *b->flags);
      for (int c = 0; c < COLUMNS; c++) memcpy(t->column[c] + at, b->column[stored[c]], b->n * sizeof(float));
    }
    tgv_block_free(b);
  }
}

static herr_t write_part(hid_t dataset, hid_t type, hsize_t at, hsize_t n, const void *data)
{
  hid_t  file_space = H5Dget_space(dataset), memory_space = H5Screate_simple(1, &n, NULL);
  herr_t e;

  H5Sselect_hyperslab(file_space, H5S_SELECT_SET, &at, NULL, &n, NULL);
  e = H5Dwrite(dataset, type, memory_space, file_space, H5P_DEFAULT, data);
  H5Sclose(memory_space);
  H5Sclose(file_space);
  return e;
}

static herr_t write_stretch(const struct table *t, hsize_t at, hsize_t n)
{
  herr_t e = write_part(t->dataset[0], H5T_NATIVE_DOUBLE, at, n, t->x);

  if (e >= 0) e = write_part(t->dataset[1], H5T_NATIVE_DOUBLE, at, n, t->y);
  if (e >= 0) e = write_part(t->dataset[2], H5T_NATIVE_UINT32, at, n, t->flags);
  for (int c = 0; c < COLUMNS && e >= 0; c++)
    e = write_part(t->dataset[c + 3], H5T_NATIVE_FLOAT, at, n, t->column[c]);
  return e;
}

static uint64_t id_of(const struct tgv_block_order *o, uint64_t block)
{
  uint64_t local;
  size_t   unit, n;

  tgv_block_order_place(o, block, &unit, &local, &n);
  return unit * o->package->via_count + local;
}

static tgv_status write_vias(struct table *t, const struct tgv_run *run, const char *path)
{
  struct tgv_block_order o;
  struct tgv_progress    progress;
  uint64_t               total = run->package.via_count * run->panel.unit_count;
  tgv_status_code        s = TGV_OK;

  tgv_block_order_init(&o, &run->package, &run->panel);
  tgv_progress_begin(&progress, "writing the via table", (double)o.total);
  for (uint64_t first = 0; first < o.total && s == TGV_OK; first += STRETCH) {
    uint64_t end = first + STRETCH < o.total ? first + STRETCH : o.total;
    uint64_t from = id_of(&o, first), to = end < o.total ? id_of(&o, end) : total;

    make_stretch(t, run, &o, first, end, from);
    if (write_stretch(t, from, to - from) < 0) s = failed(path);
    if (tgv_interrupted()) s = tgv_fail(TGV_INTERRUPTED, "stopped while writing the via table");
    tgv_progress_report(&progress, (double)end);
  }
  tgv_progress_end(&progress);
  tgv_block_order_release(&o);
  return s;
}

tgv_status tgv_via_table_write(struct tgv_run *run, uint32_t number, const char *path)
{
  struct table    t = {.file = -1};
  struct tgv_text unfinished = {0};
  tgv_status_code s;

  if (tgv_parallel_rank() != 0) return TGV_OK;
  tgv_text_add(&unfinished, "%s.tmp", path);
  s = tgv_flow_panel(run->flow, (uint32_t)tgv_count(run->project, TGV_P_project_lot), number);
  if (s == TGV_OK) s = open_table(&t, run, number, unfinished.data);
  if (s == TGV_OK) s = write_vias(&t, run, path);
  close_table(&t);
  if (t.file >= 0 && H5Fclose(t.file) < 0 && s == TGV_OK) s = failed(path);
  if (s == TGV_OK && rename(unfinished.data, path) != 0)
    s = tgv_fail(TGV_FILE, "cannot rename \"%s\"", unfinished.data);
  if (s) remove(unfinished.data);
  tgv_text_release(&unfinished);
  return s;
}
