#!/bin/sh
# Writes the specs anew from the vendors' saved pages and the overlays here.
#
# usage: specs/derive.sh PAGES [INTO]
#   PAGES  the folder of the pages: r7-crm-task-*.txt, planfix-task-update.txt and planfix-more/
#   INTO   the folder to write to; specs/ by default
set -eu
here=$(cd "$(dirname "$0")" && pwd)
pages=${1:?usage: specs/derive.sh PAGES [INTO]}
into=${2:-$here}
etalon=${ETALON:-etalon}

mkdir -p "$into/r7" "$into/planfix"
$etalon derive "$pages/r7-crm-task-create.txt" "$pages/r7-crm-task-update.txt" \
  --overlay "$here/r7/overlay.yaml" -o "$into/r7/openapi.yaml"

# The page under judgement, the functions that a run needs beside it, and the lists of values they refer to.
more=$pages/planfix-more
$etalon derive "$pages/planfix-task-update.txt" \
  "$more/authentication.md" "$more/task.add.md" "$more/task.get.md" "$more/user.getList.md" \
  "$more/bool.md" "$more/datetime.md" "$more/day-type.md" "$more/error-codes.md" "$more/importance.md" \
  "$more/task-status.md" \
  --overlay "$here/planfix/overlay.xml" -o "$into/planfix"
