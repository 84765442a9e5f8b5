"""Every attack, by subject."""

import active_pages
import equal_objects
import exhausting
import folder_tricks
import forged_output
import forged_replies
import hunting
import lasting
import notebook_games
import patched_libraries
import transformers
import writing

SUBJECTS = (
    patched_libraries,
    equal_objects,
    transformers,
    forged_output,
    forged_replies,
    hunting,
    writing,
    lasting,
    folder_tricks,
    notebook_games,
    active_pages,
    exhausting,
)
ATTACKS = [attack for subject in SUBJECTS for attack in subject.ATTACKS]
