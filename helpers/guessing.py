"""Predict, then run: guesses that are kept, and answered when the learner asks."""

from helpers import progress
from helpers.checks import spec as specs
from helpers.checks.engine import NotAnExercise
from helpers.checks.report import Report, display
from helpers.plots import in_notebook


class Guess:
    """Keeps the learner's predictions.

    guess("name")           shows the options to click
    guess("name", "b")      keeps a guess that was typed
    guess.answer("name")    shows the guess, the right answer and why
    """

    def __call__(self, question, letter=None):
        entry = _question(question)
        if letter is None and in_notebook():
            return self._buttons(question, entry)
        if letter is None:
            print(f'Type your guess: guess("{question}", "a")')
            return None
        self._keep(question, entry, letter)
        return print(_kept(str(letter).strip().lower()))

    def answer(self, question):
        """Show what was guessed, what is right, and why."""
        entry = _question(question)
        mine = progress.guesses().get(question)
        right = entry["right"]
        sentences = (f"{right}) {entry['options'][_place(right)]}", entry["why"])
        if mine is None:
            title = "No guess was kept for this one. Guessing first, even wrongly, makes the answer stick."
            display(Report("note", title, sentences))
        elif mine == right:
            display(Report("right", f"You guessed {mine}, and that is what happens.", sentences))
        else:
            display(Report("note", f"You guessed {mine}; what happens is {right}.", sentences))

    def _buttons(self, question, entry):
        import ipywidgets as widgets
        from IPython.display import display as display_widgets

        mine = progress.guesses().get(question)
        letters = _letters(entry)
        choice = widgets.ToggleButtons(
            options=[(letter, letter) for letter in letters],
            value=mine if mine in letters else None,
            tooltips=entry["options"],
            style={"button_width": "3em"},
        )
        note = widgets.Label(_kept(mine) if mine else "Choose one; it is kept.")

        def keep(change):
            self._keep(question, entry, change["new"])
            note.value = _kept(change["new"])

        choice.observe(keep, names="value")
        text = f'Or type it: guess("{question}", "a")'
        display_widgets({**widgets.HBox([choice, note])._repr_mimebundle_(), "text/plain": text}, raw=True)

    def _keep(self, question, entry, letter):
        letter = str(letter).strip().lower()
        if letter not in _letters(entry):
            raise NotAnExercise(f"{letter!r} is not one of the options; choose one of {', '.join(_letters(entry))}")
        progress.record(kind="guess", question=question, guess=letter)


def _question(name):
    for unit, entry in specs.index()["units"].items():
        if name in entry["guesses"]:
            return specs.unit_data(unit)["guesses"][name]
    raise NotAnExercise(f"there is no question called {name!r}")


def _letters(entry):
    return list("abcdefgh"[: len(entry["options"])])


def _place(letter):
    return "abcdefgh".index(letter)


def _kept(letter):
    return f"Your guess: {letter}. Read on; the answer comes below."


guess = Guess()
