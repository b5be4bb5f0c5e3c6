#!/bin/sh
# tgv glass: properties from a composition, compositions from properties, a glass for the library.
. "$(dirname "$0")/tap.sh"

eagle="SiO2=67.7 Al2O3=11 B2O3=9.8 MgO=2.3 CaO=8.8 SrO=0.5"

# the blanks of $eagle separate arguments
accepted 'cte +3\.331 ppm/K +0\.18 ppm/K +glassnet +inside' "CTE with its error, model and window" glass $eagle
accepted '^ +E +73\.99 GPa +2\.8 GPa +agc_a' "the default modulus" glass $eagle
accepted 'E +83\.82 GPa +7\.8 GPa +makishima_mackenzie' "other models beside it" glass $eagle
accepted 'log10\(viscosity' "the viscosity" glass $eagle
accepted 'nearest glass of the library: ' "the nearest glass" glass $eagle
accepted '^Dk 5\.3' "Dk from a reference glass" glass $eagle --reference "EAGLE XG"
accepted 'E +74\.02 GPa +2\.45 GPa +huber' "another model chosen" glass $eagle --model E=huber
accepted 'SiO2=.* B2O3=11\.' "percentages of weight" glass --weight SiO2=80.6 B2O3=12.6 Na2O=4.2 Al2O3=2.2
accepted 'B2O3 of 16 % is above 13 %' "outside of a window" glass SiO2=66 Al2O3=10 B2O3=16 CaO=8
accepted 'cte +not known' "what a model does not know" glass SiO2=72 Na2O=14 CaO=9 MgO=5
accepted 'cte +9\.376 ppm/K +0\.5 ppm/K +appen +inside' "a glass with alkali" glass SiO2=72 Na2O=14 CaO=9 MgO=5 --model cte=appen
accepted 'density +2\.23 g/cm3 +given' "a density that is given" glass SiO2=83 B2O3=12 Na2O=4 Al2O3=1 --density "2.23 g/cm3" --model cte=appen
accepted '[0-9]\* .*SiO2=' "a property shown outside of its window" glass --find "cte < 8 ppm/K" --model cte=appen --oxides SiO2,Na2O,CaO --minimize cte
accepted 'agc_a +2\.8 GPa' "the table of models" glass --models

refused 2 'there is no oxide "B203", did you mean "B2O3"\?' "an unknown oxide" glass SiO2=90 B203=10
refused 2 'the oxides sum to 90 %; 98 to 102 % is needed' "a sum that is short" glass SiO2=90
refused 2 'SiO2 is given twice' "an oxide twice" glass SiO2=50 SiO2=50
refused 2 'is no oxide with its percentage' "a word that is none" glass small.yaml
refused 2 'a composition is missing' "nothing given" glass
refused 2 'there is no model "hubert" of E' "an unknown model" glass $eagle --model E=hubert
refused 2 'there is no property of a glass "Y"' "an unknown property" glass $eagle --model Y=huber
refused 2 'not a density' "a density that is none" glass $eagle --density "3 GPa"
refused 2 'does not know the composition and Dk of "SG3\.4"' "a reference without composition" glass $eagle --reference SG3.4

request='--find cte=3.4+-0.2ppm/K --find E>78GPa --find softening<980degC'
accepted 'SiO2=[0-9.]+ Al2O3=' "compositions from properties" glass $request
"$tgv" glass $request >"$work/first" 2>&1
"$tgv" glass $request >"$work/second" 2>&1
cmp "$work/first" "$work/second" >"$work/log"
verdict $? "the same on every call"
[ "$(grep -c 'SiO2=' "$work/first")" -ge 5 ] 2>"$work/log"
verdict $? "... and several of them"

refused 2 '"78" has no unit' "a wish without a unit" glass --find "E > 78"
refused 2 'lacks a tolerance' "a target without tolerance" glass --find "cte = 3.4 ppm/K"
refused 2 'is no wish' "a wish without a relation" glass --find "E 78 GPa"
refused 2 'no property of a glass "ctee", did you mean "cte"\?' "a misspelt property" glass --find "ctee < 3 ppm/K"
refused 2 'Al2O3 must be among the oxides' "oxides that no model is for" glass --find "E > 78 GPa" --oxides SiO2,CaO
refused 2 'do not go together' "both at once" glass $eagle --find "E > 78 GPa"
refused 2 '\-\-density is for one composition' "a density for a search" glass --find "E > 78 GPa" --density "2.5 g/cm3"
refused 2 'there are [0-9]+ compositions' "a number that was not found" glass $request --pick 99

"$tgv" glass --find "E > 120 GPa" >"$work/log" 2>&1
[ $? -eq 1 ] && grep -q "breaks them least" "$work/log"
verdict $? "what cannot be is told, with exit code 1"

# a project uses the glass that was written
mkdir -p glasses
accepted 'written to glasses/stiff\.yaml' "a glass is written" glass --find "cte < 3.5 ppm/K" --maximize E --write glasses/stiff.yaml
accepted 'glass\.E +97\.19 GPa +derived +AGC' "... and read, with class and source" show glass stiff
sed 's/EAGLE XG/stiff/' small.yaml >stiff.yaml
printf 'handling:\n- {name: grip, kind: edge_grip}\n' >>stiff.yaml
accepted 'units' "... and a project uses it" run stiff.yaml --out run --only handling
python3 -c 'import json; s = {x["name"]: x for x in json.load(open("run/result.json"))["scalars"]}; assert 0 < s["breakage_panel"]["value"] < 100' 2>"$work/log"
verdict $? "... and its panel may break"
refused 2 'ends with \.yaml is expected' "a name that is no YAML file" glass $eagle --write eagle.txt
refused 3 'no/such' "a folder that is not there" glass $eagle --write no/such/eagle.yaml
refused 2 'CTE of this glass is not known' "a glass without CTE" glass SiO2=72 Na2O=14 CaO=9 MgO=5 --write soda.yaml
conclude
