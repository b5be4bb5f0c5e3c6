#include "io/calculix_mesh.h"

#include <stdlib.h>

#include "core/file.h"
#include "core/text.h"

size_t tgv_calculix_mesh_node(const struct tgv_hex_operator *o, size_t node, size_t k)
{
  return node * (o->mesh->layers + 1) + k + 1;
}

static void write_nodes(const struct tgv_hex_operator *o, struct tgv_text *to)
{
  tgv_text_add(to, "*NODE, NSET=ALL\n");
  for (size_t q = 0; q < o->nodes; q++)
    for (size_t k = 0; k <= o->mesh->layers; k++) {
      const double *x = o->mesh->x + q * 3 * o->pitch + k;

      tgv_text_add(to, "%zu, %.12e, %.12e, %.12e\n", tgv_calculix_mesh_node(o, q, k), x[0], x[o->pitch],
                   x[2 * o->pitch]);
    }
}

/* what an element is made of; elements of one kind make a set */
struct kind {
  double lambda, mu, eigen;
};

static size_t kind_of(struct kind *kind, size_t *kinds, struct kind k)
{
  size_t i = 0;

  while (i < *kinds && (kind[i].lambda != k.lambda || kind[i].mu != k.mu || kind[i].eigen != k.eigen)) i++;
  if (i == *kinds) kind[(*kinds)++] = k;
  return i;
}

static struct kind element_kind(const struct tgv_hex_operator *o, const double *eigen, size_t e, size_t k)
{
  const size_t patch = o->material[e];

  return (struct kind){o->lambda[patch * o->stride + k], o->mu[patch * o->stride + k],
                       eigen[patch * o->stride + k]};
}

static void write_element(const struct tgv_hex_operator *o, size_t e, size_t k, struct tgv_text *to)
{
  static const size_t around[] = {0, 1, 3, 2}; /* the corners of a square in turn */

  tgv_text_add(to, "%zu", e * o->layers + k + 1);
  for (size_t l = 0; l < 2; l++)
    for (size_t a = 0; a < 4; a++)
      tgv_text_add(to, ", %zu", tgv_calculix_mesh_node(o, (size_t)o->node[9 * e + around[a]], k + l));
  tgv_text_add(to, "\n");
}

static void write_elements(const struct tgv_hex_operator *o, const double *eigen, struct kind *kind,
                           size_t *kinds, struct tgv_text *to)
{
  for (size_t e = 0; e < o->columns; e++)
    for (size_t k = 0; k < o->layers; k++) (void)kind_of(kind, kinds, element_kind(o, eigen, e, k));
  for (size_t i = 0; i < *kinds; i++) {
    tgv_text_add(to, "*ELEMENT, TYPE=C3D8, ELSET=KIND%zu\n", i + 1);
    for (size_t e = 0; e < o->columns; e++)
      for (size_t k = 0; k < o->layers; k++)
        if (kind_of(kind, kinds, element_kind(o, eigen, e, k)) == i) write_element(o, e, k, to);
  }
}

static void write_materials(const struct kind *kind, size_t kinds, struct tgv_text *to)
{
  for (size_t i = 0; i < kinds; i++) {
    const double l = kind[i].lambda, m = kind[i].mu;

    tgv_text_add(to, "*MATERIAL, NAME=MATERIAL%zu\n*ELASTIC\n%.12e, %.12e\n", i + 1,
                 m * (3 * l + 2 * m) / (l + m), l / (2 * (l + m)));
    tgv_text_add(to, "*EXPANSION, ZERO=0\n%.12e\n", kind[i].eigen);
    tgv_text_add(to, "*SOLID SECTION, ELSET=KIND%zu, MATERIAL=MATERIAL%zu\n", i + 1, i + 1);
  }
}

static void write_step(const struct tgv_hex_operator *o, struct tgv_text *to)
{
  tgv_text_add(to, "*BOUNDARY\n");
  for (size_t i = 0; i < o->fixed; i++) {
    const size_t line = o->fixed_at[i] / o->pitch, k = o->fixed_at[i] % o->pitch;

    tgv_text_add(to, "%zu, %zu, %zu\n", tgv_calculix_mesh_node(o, line / 3, k), line % 3 + 1, line % 3 + 1);
  }
  tgv_text_add(to, "*INITIAL CONDITIONS, TYPE=TEMPERATURE\nALL, 0\n*STEP\n*STATIC\n*TEMPERATURE\nALL, 1\n");
  tgv_text_add(to, "*NODE PRINT, NSET=ALL\nU\n*END STEP\n");
}

tgv_status tgv_calculix_mesh_write(const char *path, const struct tgv_hex_operator *o, const double *eigen)
{
  struct tgv_text text = {0};
  struct kind    *kind = tgv_allocate(o->mesh->patches * o->layers, sizeof *kind);
  size_t          kinds = 0;
  tgv_status_code status;

  TGV_BUG_IF(o->order != 1);
  write_nodes(o, &text);
  write_elements(o, eigen, kind, &kinds, &text);
  write_materials(kind, kinds, &text);
  write_step(o, &text);
  free(kind);
  status = tgv_file_write(path, text.data, text.size);
  tgv_text_release(&text);
  return status;
}
