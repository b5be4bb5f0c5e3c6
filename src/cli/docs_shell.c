/* The manual page tgv(1) and the completion for bash. */
#include <string.h>

#include "cli/command.h"
#include "cli/docs.h"
#include "cli/help.h"
#include "registry.h"

/* ---- manual page */

/* A text of the manual: dashes as dashes, no line that troff takes for a command; lines become paragraphs. */
static void add_troff(struct tgv_text *out, const char *text)
{
  bool start = true;

  for (; *text; text++) {
    if (start && (*text == '.' || *text == '\'')) tgv_text_add(out, "\\&");
    start = *text == '\n';
    if (*text == '\\')
      tgv_text_add(out, "\\e");
    else if (*text == '-')
      tgv_text_add(out, "\\-");
    else if (*text == '\n')
      tgv_text_add(out, "\n.PP\n");
    else
      tgv_text_append(out, text, 1);
  }
  tgv_text_add(out, "\n");
}

static void add_options(struct tgv_text *out, const struct tgv_option *options)
{
  for (const struct tgv_option *o = options; o && o->name; o++) {
    tgv_text_add(out, ".TP\n");
    tgv_text_add(out, o->argument ? ".BI \\-\\-" : ".B \\-\\-");
    for (const char *c = o->name; *c; c++) tgv_text_add(out, *c == '-' ? "\\-" : "%c", *c);
    if (o->argument) tgv_text_add(out, " \" %s\"", o->argument);
    tgv_text_add(out, "\n");
    add_troff(out, o->help);
  }
}

static void add_examples(struct tgv_text *out, const char *examples)
{
  tgv_text_add(out, ".PP\n.EX\n");
  while (*examples) {
    size_t n = strcspn(examples, "\n");

    tgv_text_add(out, "$ ");
    for (size_t i = 0; i < n; i++) {
      if (examples[i] == '\\')
        tgv_text_add(out, "\\e");
      else if (examples[i] == '-')
        tgv_text_add(out, "\\-");
      else if (examples[i] == '\'')
        tgv_text_add(out, "\\(aq");
      else
        tgv_text_append(out, examples + i, 1);
    }
    tgv_text_add(out, "\n");
    examples += n + (examples[n] == '\n');
  }
  tgv_text_add(out, ".EE\n");
}

static void add_command(struct tgv_text *out, const struct tgv_command *c)
{
  tgv_text_add(out, ".SS tgv %s ", c->name);
  add_troff(out, c->usage);
  tgv_text_add(out, "%c", c->title[0] >= 'a' && c->title[0] <= 'z' ? c->title[0] - 'a' + 'A' : c->title[0]);
  add_troff(out, c->title + 1);
  if (c->description) {
    tgv_text_add(out, ".PP\n");
    add_troff(out, c->description);
  }
  add_options(out, c->options);
  if (c->examples) add_examples(out, c->examples);
}

static const char manual_end[] =
    ".SH EXIT STATUS\n"
    ".TP\n.B 0\nThe work was done.\n"
    ".TP\n.B 1\nThe work was done, and its answer is no: a case failed, a rule is violated.\n"
    ".TP\n.B 2\nThe input is wrong; the message names file, line and column.\n"
    ".TP\n.B 3\nA file cannot be read or written.\n"
    ".TP\n.B 4\nOut of memory.\n"
    ".TP\n.B 5\nA numerical method did not reach its tolerance.\n"
    ".TP\n.B 6\nA library or another program failed.\n"
    ".TP\n.B 7\nThe user stopped it; what is finished is kept.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n.B TGV_DATA\nDirectory of the library (glasses, metals, panels...); otherwise it is looked for "
    "beside the program.\n"
    ".TP\n.B TGV_TABLES\nDirectory where tables of solver runs are kept; otherwise\n"
    ".I $XDG_CACHE_HOME/opentgv/tables\nor\n.IR ~/.cache/opentgv/tables .\nIf it is empty, none are kept.\n"
    ".TP\n.B OMP_NUM_THREADS\nThreads of the via kernels, where\n.B \\-\\-threads\nis not given.\n"
    ".TP\n.B NO_COLOR\nIf set, no emphasis is used on a terminal.\n"
    ".SH FILES\n"
    ".TP\n.I project.yaml\nA project; docs/parameters.md lists its keys, and so does\n.BR \"tgv list keys\" "
    ".\n"
    ".TP\n.I run/result.json\nAll results of a run with unit, method, range and error.\n"
    ".TP\n.I *.case\nCases for\n.BR \"tgv check\" ;\ndocs/formats/cases.md describes them.\n";

void tgv_docs_manual(struct tgv_text *out)
{
  tgv_text_add(out, ".\\\" Written by tgv docs; do not edit.\n"
                    ".TH TGV 1 \"\" \"OpenTGV " TGV_VERSION "\" \"OpenTGV\"\n"
                    ".SH NAME\ntgv \\- ");
  add_troff(out, TGV_TAGLINE);
  tgv_text_add(
      out, ".SH SYNOPSIS\n.B tgv\n.I COMMAND\n[\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]\n"
           ".SH DESCRIPTION\n"
           "A project file describes a package with a glass core, its through\\-glass vias, the panel it is "
           "made on and "
           "the recipes of the line.\n"
           ".B tgv run\n"
           "follows every via of the panel through the line and says what the panel will yield, and why.\n"
           ".SH COMMANDS\n");
  for (size_t i = 0; tgv_commands[i]; i++) add_command(out, tgv_commands[i]);
  tgv_text_add(out, ".SH OPTIONS OF EVERY COMMAND\n");
  add_options(out, tgv_common_options);
  tgv_text_add(out, "%s", manual_end);
}

/* ---- bash */

static void add_words(struct tgv_text *out, const struct tgv_option *options)
{
  for (const struct tgv_option *o = options; o && o->name; o++) tgv_text_add(out, " --%s", o->name);
}

void tgv_docs_completion(struct tgv_text *out)
{
  tgv_text_add(
      out,
      "# Completion of tgv for bash. Written by `tgv docs`; do not edit.\n"
      "_tgv()\n{\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words= options=\n\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    COMPREPLY=($(compgen -W \"");
  for (size_t i = 0; tgv_commands[i]; i++) tgv_text_add(out, "%s ", tgv_commands[i]->name);
  tgv_text_add(out, "--help --version\" -- \"$current\"))\n    return\n  fi\n"
                    "  case $previous in\n"
                    "    --only) COMPREPLY=($(compgen -W \"");
  for (size_t i = 0; tgv_stages[i]; i++) tgv_text_add(out, "%s%s", i ? " " : "", tgv_stages[i]->name);
  tgv_text_add(out, "\" -- \"$current\")); return ;;\n"
                    "    --set)\n"
                    "      compopt -o nospace\n"
                    "      COMPREPLY=($(compgen -W \"$(tgv list keys 2>/dev/null | awk 'NR > 1 { print $1 "
                    "\"=\" }')\" -- \"$current\"))\n"
                    "      return ;;\n"
                    "  esac\n"
                    "  case ${COMP_WORDS[1]} in\n");
  for (size_t i = 0; tgv_commands[i]; i++) {
    tgv_text_add(out, "    %s) words='%s' options='", tgv_commands[i]->name,
                 tgv_commands[i]->words ? tgv_commands[i]->words : "");
    if (tgv_commands[i]->options && tgv_commands[i]->options->name) add_words(out, tgv_commands[i]->options);
    tgv_text_add(out, "' ;;\n");
  }
  tgv_text_add(out, "  esac\n"
                    "  case $current in\n"
                    "    -*) COMPREPLY=($(compgen -W \"$options");
  add_words(out, tgv_common_options);
  tgv_text_add(
      out, "\" -- \"$current\")) ;;\n"
           "    *) COMPREPLY=($(compgen -W \"$words\" -- \"$current\") $(compgen -f -- \"$current\")) ;;\n"
           "  esac\n}\n"
           "complete -o filenames -F _tgv tgv\n");
}
