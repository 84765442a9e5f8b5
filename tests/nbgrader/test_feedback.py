"""Every student gets a feedback page that says what went wrong, and tells no more than that."""

from pages import output_of, text_of

WRONG_ON_OTHERS = "Right on the cases you were shown, wrong on others like them."


def reads(graded, student):
    return " ".join(text_of(graded.course.feedback(student, graded.unit)).split())


def check_output(graded, student, exercise):
    return output_of(graded.course.notebook(f"autograded/{student}", graded.unit), f"check_{exercise}")


def message(graded, exercise_and_mistake):
    return graded.students.message(*exercise_and_mistake).replace("`", "")


def test_every_student_has_a_page_with_the_score(graded):
    for student in graded.students.notebooks:
        marks = graded.marks[student].values()
        assert f"(Score: {sum(marks):.1f} / " in reads(graded, student), student


def test_the_page_says_which_mistake_was_made(graded):
    assert message(graded, graded.students.roles.mistaken) in reads(graded, "mistake")
    assert message(graded, graded.students.roles.mistaken) not in reads(graded, "right")


def test_the_page_of_a_blank_notebook_says_not_attempted(graded):
    page = reads(graded, "blank")
    for exercise in graded.students.exercises:
        assert f"{exercise}: not attempted yet" in page


def test_a_failure_on_hidden_cases_is_told_with_the_mistake_and_no_value(graded):
    roles = graded.students.roles
    told = check_output(graded, "visible_only", roles.looked_up[0])
    assert WRONG_ON_OTHERS in told
    assert message(graded, roles.looked_up) in told
    for label in ("Expected", "Got", "Called"):
        assert label not in told
        assert label in check_output(graded, "mistake", roles.mistaken[0])


def test_an_error_on_hidden_cases_is_told_without_its_text(graded):
    told = check_output(graded, "visible_only", graded.students.roles.refused)
    assert told.rstrip().endswith(f"{graded.students.roles.refused}: not right yet. {WRONG_ON_OTHERS}")
    assert "not foreseen" not in told


def test_outputs_that_were_handed_in_are_gone(graded):
    page = reads(graded, "old_outputs")
    assert "100 of 100 points" not in page
    assert "an old error" not in page
