/* YAML text as a tree whose nodes know their place. What a project file does not need and what could make a
   small file large (anchors, aliases, tags, several documents) is refused. */
#ifndef TGV_CORE_YAML_H
#define TGV_CORE_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/problems.h"

enum tgv_yaml_kind { TGV_YAML_SCALAR, TGV_YAML_SEQUENCE, TGV_YAML_MAPPING };

struct tgv_yaml {
  enum tgv_yaml_kind kind;
  struct tgv_place   at;
  const char        *text;   /* of a scalar; no control characters but '\n' and '\t' */
  bool               quoted; /* scalar in quotes or a block, so an empty one is meant */
  const char        *key;    /* of a member of a mapping, else NULL */
  struct tgv_place   key_at;
  size_t             count; /* of its children */
  struct tgv_yaml   *first, *next;
};

/** Most bytes of a file, nodes of a tree, nodes within each other. */
enum { TGV_YAML_SIZE_MAX = 16 << 20, TGV_YAML_NODES_MAX = 200000, TGV_YAML_DEPTH_MAX = 32 };

/** Reads one document; *root is NULL if the text is empty or wrong. What is wrong goes to `problems`, with
   `name` as the file. The tree lies in the arena. */
void tgv_yaml_parse(const char *text, size_t size, const char *name, struct tgv_arena *arena,
                    struct tgv_problems *problems, struct tgv_yaml **root);
/** Whether nothing stands behind the key. */
bool tgv_yaml_empty(const struct tgv_yaml *node);
/** The first member of a mapping with this key, NULL if there is none. */
const struct tgv_yaml *tgv_yaml_member(const struct tgv_yaml *mapping, const char *key);

#endif
