#include "core/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfyaml.h>

struct builder {
  struct fy_parser    *parser;
  struct tgv_arena    *arena;
  struct tgv_problems *problems;
  const char          *name;
  const char          *input; /* the whole text */
  size_t               input_size;
  struct tgv_yaml     *root;
  struct tgv_yaml     *open[TGV_YAML_DEPTH_MAX]; /* sequences and mappings that have begun */
  struct tgv_yaml     *last[TGV_YAML_DEPTH_MAX]; /* their last child */
  size_t               depth, nodes, documents;
  const char          *key; /* of a mapping, waiting for its value */
  struct tgv_place     key_at;
};

static struct tgv_place place(const struct builder *b, int line, int column)
{
  return (struct tgv_place){b->name, line, column};
}

static struct tgv_place place_of(const struct builder *b, struct fy_event *event)
{
  const struct fy_mark *mark = fy_event_start_mark(event);

  return mark ? place(b, mark->line + 1, mark->column + 1) : place(b, 1, 1);
}

/* Length of the UTF-8 character at s of at most n bytes, 0 if it is none. */
static size_t character(const unsigned char *s, size_t n)
{
  const size_t length = s[0] < 0x80   ? 1
                        : s[0] < 0xc2 ? 0
                        : s[0] < 0xe0 ? 2
                        : s[0] < 0xf0 ? 3
                        : s[0] < 0xf5 ? 4
                                      : 0;

  if (length == 0 || length > n) return 0;
  for (size_t i = 1; i < length; i++)
    if ((s[i] & 0xc0) != 0x80) return 0;
  if (s[0] == 0xe0 && s[1] < 0xa0) return 0;
  if (s[0] == 0xed && s[1] > 0x9f) return 0;
  if (s[0] == 0xf0 && s[1] < 0x90) return 0;
  if (s[0] == 0xf4 && s[1] > 0x8f) return 0;
  return length;
}

/* Text files only: the library need not be trusted with anything else. */
static bool is_text(struct builder *b, const char *text, size_t size)
{
  const unsigned char *s = (const unsigned char *)text;
  int                  line = 1, column = 1;

  if (size > TGV_YAML_SIZE_MAX) {
    tgv_problems_add(b->problems, place(b, 1, 1), "the file has %zu bytes; at most %d are read", size,
                     TGV_YAML_SIZE_MAX);
    return false;
  }
  for (size_t i = 0, n; i < size; i += n) {
    n = character(s + i, size - i);
    if (n == 0) {
      tgv_problems_add(b->problems, place(b, line, column), "byte 0x%02x is no UTF-8 text", s[i]);
      return false;
    }
    if ((s[i] < 0x20 && !strchr("\t\n\r", s[i])) || s[i] == 0 || s[i] == 0x7f) {
      tgv_problems_add(b->problems, place(b, line, column), "control character 0x%02x in a text file", s[i]);
      return false;
    }
    column++;
    if (s[i] == '\n') line++, column = 1;
  }
  return true;
}

static struct tgv_yaml *node_new(struct builder *b, enum tgv_yaml_kind kind, struct fy_event *event)
{
  struct tgv_yaml *node = tgv_arena_allocate(b->arena, 1, sizeof *node);

  node->kind = kind;
  node->at = place_of(b, event);
  node->text = "";
  return node;
}

/* Hangs a node into the sequence or mapping that is open. */
static void attach(struct builder *b, struct tgv_yaml *node)
{
  struct tgv_yaml *parent;

  if (b->depth == 0) {
    b->root = node;
    return;
  }
  parent = b->open[b->depth - 1];
  if (parent->kind == TGV_YAML_MAPPING) {
    node->key = b->key;
    node->key_at = b->key_at;
    b->key = NULL;
  }
  if (b->last[b->depth - 1])
    b->last[b->depth - 1]->next = node;
  else
    parent->first = node;
  b->last[b->depth - 1] = node;
  parent->count++;
}

static bool awaits_key(const struct builder *b)
{
  return b->depth > 0 && b->open[b->depth - 1]->kind == TGV_YAML_MAPPING && !b->key;
}

static bool refuse(struct builder *b, struct fy_event *event, const char *what)
{
  tgv_problems_add(b->problems, place_of(b, event), "%s", what);
  return false;
}

/* What stands between single quotes, from .. end - 1: '' is a quote, a line break is a blank, n + 1 of them
   are n. The library's own reading fails on several quotes in a row (0.7.12). */
static char *single_quoted(struct builder *b, const char *from, const char *end)
{
  char  *text = tgv_arena_allocate(b->arena, (size_t)(end - from) + 1, 1);
  size_t n = 0;

  while (from < end) {
    size_t breaks = 0;

    if (*from == '\'') from++; /* the first of two */
    if (*from != '\n' && *from != '\r') {
      text[n++] = *from++;
      continue;
    }
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t')) n--;
    for (; from < end && strchr(" \t\r\n", *from); from++)
      breaks += *from == '\n' || (*from == '\r' && from[1] != '\n');
    if (breaks == 1) text[n++] = ' ';
    for (; breaks > 1; breaks--) text[n++] = '\n';
  }
  text[n] = '\0';
  return text;
}

/* The text of a scalar in the arena; NULL if the library cannot tell it. */
static char *text_of(struct builder *b, struct fy_token *token, size_t *size)
{
  const struct fy_mark *start = fy_token_start_mark(token), *end = fy_token_end_mark(token);
  const char           *text;
  char                 *copy;

  if (fy_token_scalar_style(token) == FYSS_SINGLE_QUOTED) {
    if (!start || !end || end->input_pos > b->input_size || end->input_pos < start->input_pos) return NULL;
    copy = single_quoted(b, b->input + start->input_pos, b->input + end->input_pos);
    *size = strlen(copy);
    return copy;
  }
  text = fy_token_get_text(token, size);
  return text ? tgv_arena_bytes(b->arena, text, *size) : NULL;
}

static bool has_control_character(const char *text, size_t size)
{
  for (size_t i = 0; i < size; i++)
    if (((unsigned char)text[i] < 0x20 && text[i] != '\n' && text[i] != '\t') || text[i] == 0x7f) return true;
  return false;
}

static bool scalar(struct builder *b, struct fy_event *event)
{
  struct tgv_yaml *node = node_new(b, TGV_YAML_SCALAR, event);
  struct fy_token *token = event->scalar.value;
  size_t           size = 0;
  char            *text;

  if (token) {
    const enum fy_scalar_style style = fy_token_scalar_style(token);

    text = text_of(b, token, &size);
    if (!text) return refuse(b, event, "a value that cannot be read");
    if (has_control_character(text, size)) return refuse(b, event, "a control character in a value");
    node->text = text;
    node->quoted = style != FYSS_PLAIN && style != FYSS_ANY;
    /* the library points behind the quote */
    if ((style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED) && node->at.column > 1)
      node->at.column--;
  }
  if (size == 0 && !node->quoted && b->key) node->at = b->key_at; /* nothing stands there */
  if (awaits_key(b) && size == 0) {
    const struct tgv_yaml *last = b->last[b->depth - 1];

    tgv_problems_add(b->problems, last ? last->key_at : b->open[b->depth - 1]->at, "an empty key %s",
                     last ? "after this one" : "in this mapping");
    return false;
  }
  if (awaits_key(b)) {
    b->key = node->text;
    b->key_at = node->at;
  } else {
    attach(b, node);
  }
  return true;
}

static bool begin(struct builder *b, struct fy_event *event, enum tgv_yaml_kind kind)
{
  struct tgv_yaml *node = node_new(b, kind, event);

  if (awaits_key(b)) return refuse(b, event, "a key must be a word, not a list or a mapping");
  if (b->depth == TGV_YAML_DEPTH_MAX)
    return refuse(b, event, "more than 32 lists and mappings within each other");
  attach(b, node);
  b->open[b->depth] = node;
  b->last[b->depth] = NULL;
  b->depth++;
  return true;
}

static bool refuse_token(struct builder *b, struct fy_token *token, const char *what)
{
  const struct fy_mark *mark = fy_token_start_mark(token);

  tgv_problems_add(b->problems, mark ? place(b, mark->line + 1, mark->column + 1) : place(b, 1, 1), "%s",
                   what);
  return false;
}

static bool plain_node(struct builder *b, struct fy_event *event)
{
  struct fy_token *anchor = fy_event_get_anchor_token(event), *tag = fy_event_get_tag_token(event);

  if (anchor) return refuse_token(b, anchor, "anchors (&name) are not used here");
  if (tag) return refuse_token(b, tag, "tags (!name) are not used here");
  if (++b->nodes > TGV_YAML_NODES_MAX) return refuse(b, event, "more than 200000 values in one file");
  return true;
}

/* Takes one event; false ends the reading. */
static bool take(struct builder *b, struct fy_event *event)
{
  switch (event->type) {
  case FYET_SCALAR:
    return plain_node(b, event) && scalar(b, event);
  case FYET_SEQUENCE_START:
    return plain_node(b, event) && begin(b, event, TGV_YAML_SEQUENCE);
  case FYET_MAPPING_START:
    return plain_node(b, event) && begin(b, event, TGV_YAML_MAPPING);
  case FYET_ALIAS:
    return refuse(b, event, "aliases (*name) are not used here; write the value out");
  case FYET_SEQUENCE_END:
  case FYET_MAPPING_END:
    return b->depth-- > 0;
  case FYET_DOCUMENT_START:
    return b->documents++ == 0 || refuse(b, event, "a second document (---) in one file");
  default:
    return true;
  }
}

static void quiet(struct fy_diag *diag, void *user, const char *text, size_t size)
{
  (void)diag, (void)user, (void)text, (void)size;
}

/* What the library found wrong. Its first finding is the cause, the rest follows from it. */
static void explain(struct builder *b, struct fy_diag *diag)
{
  void                       *at = NULL;
  const struct fy_diag_error *error = fy_diag_errors_iterate(diag, &at);

  if (error && error->msg)
    tgv_problems_add(b->problems,
                     place(b, error->line > 0 ? error->line : 1, error->column > 0 ? error->column : 1),
                     "not YAML: %s", error->msg);
  else
    tgv_problems_add(b->problems, place(b, 1, 1), "not YAML");
}

static void read_events(struct builder *b, struct fy_diag *diag)
{
  bool going = true, ended = false;

  while (going) {
    struct fy_event *event = fy_parser_parse(b->parser);

    if (!event) break;
    ended = event->type == FYET_STREAM_END;
    going = take(b, event) && !ended;
    fy_parser_event_free(b->parser, event);
  }
  if (going && !ended) explain(b, diag);
  if (!ended) b->root = NULL;
}

void tgv_yaml_parse(const char *text, size_t size, const char *name, struct tgv_arena *arena,
                    struct tgv_problems *problems, struct tgv_yaml **root)
{
  struct builder      b = {.arena = arena,
                           .problems = problems,
                           .name = tgv_arena_text(arena, name),
                           .input = text,
                           .input_size = size};
  struct fy_diag_cfg  diag_cfg;
  struct fy_parse_cfg cfg = {.search_path = "", .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG};
  struct fy_diag     *diag;

  *root = NULL;
  if (!is_text(&b, text, size)) return;
  fy_diag_cfg_default(&diag_cfg);
  diag_cfg.fp = NULL;
  diag_cfg.output_fn = quiet;
  diag = fy_diag_create(&diag_cfg);
  TGV_BUG_IF(!diag);
  fy_diag_set_collect_errors(diag, true);
  cfg.diag = diag;
  b.parser = fy_parser_create(&cfg);
  TGV_BUG_IF(!b.parser);
  if (size > 0 && fy_parser_set_string(b.parser, text, size) == 0) read_events(&b, diag);
  fy_parser_destroy(b.parser);
  fy_diag_destroy(diag);
  *root = b.root;
}

bool tgv_yaml_empty(const struct tgv_yaml *node)
{
  return node->kind == TGV_YAML_SCALAR && !node->quoted &&
         (node->text[0] == '\0' || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
}

const struct tgv_yaml *tgv_yaml_member(const struct tgv_yaml *mapping, const char *key)
{
  for (const struct tgv_yaml *child = mapping->first; child; child = child->next)
    if (child->key && strcmp(child->key, key) == 0) return child;
  return NULL;
}
