from course.checks import ANYTHING, also_right, exercise, mistake


@exercise("slope")
class Slope:
    hints = (
        "From the first point to the second: how far does the line rise, and how far does it run to the right?",
        "The rise is the difference of the two heights, y1 and y0. The run is the difference of x1 and x0, in the same order.",
        "Rise divided by run. Python divides before it subtracts, so each difference needs brackets around it.",
    )
    returns = ("slope",)

    def cases(rng):
        yield 1.0, 2.0, 3.0, 8.0
        yield 4, 1, 2, 6
        yield -1.5, 0.5, 2.5, -3.5
        yield 0, 0, 4, 3
        for _ in range(3):
            x0, y0, run, rise = (round(float(number), 1) for number in rng.uniform(0.5, 6.0, size=4))
            yield x0, y0, round(x0 + run, 1), round(y0 - rise, 1)

    @mistake("This is the run divided by the rise, upside down. The slope says how far it rises for one step to the right.")
    def upside_down(x0, y0, x1, y1):
        return (x1 - x0) / (y1 - y0)

    @mistake("This is the rise alone. Divide it by the run, x1 − x0: a slope is a rise for each step to the right.")
    def rise_alone(x0, y0, x1, y1):
        return ANYTHING if isinstance(y0, int) else y1 - y0

    @mistake("This is the run alone. The slope is the rise, y1 − y0, divided by it.")
    def run_alone(x0, y0, x1, y1):
        return ANYTHING if isinstance(y0, int) else x1 - x0

    @mistake("The sign is turned round: above one point is subtracted from the other, below the other from the one. Keep the same order in both.")
    def orders_mixed(x0, y0, x1, y1):
        return (y0 - y1) / (x1 - x0)

    @mistake("Python divides before it subtracts, so this is y1 − (y0 / x1) − x0. Put brackets around each difference.")
    def no_brackets(x0, y0, x1, y1):
        return ANYTHING if x1 == 0 else y1 - y0 / x1 - x0

    @mistake("The brackets around the run are missing: this divides by x1 alone and then subtracts x0.")
    def no_brackets_below(x0, y0, x1, y1):
        return (y1 - y0) / x1 - x0

    @mistake("The brackets around the rise are missing: only y0 is divided by the run.")
    def no_brackets_above(x0, y0, x1, y1):
        return y1 - y0 / (x1 - x0)

    @mistake("`//` rounds the slope down to a whole number. A single `/` divides exactly.")
    def floor_division(x0, y0, x1, y1):
        return (y1 - y0) // (x1 - x0)

    @mistake("The slope was rounded. Return it as it is.")
    def rounded(x0, y0, x1, y1):
        return round((y1 - y0) / (x1 - x0))

    @mistake("The points came in as x0, y0, x1, y1: the second number is the first point's height. Here the numbers were paired as x0, x1 and y0, y1.")
    def pairs_read_wrongly(x0, y0, x1, y1):
        return (y1 - x1) / (y0 - x0) if y0 != x0 else ANYTHING

    @mistake("The rise and the run were multiplied. The slope is the rise divided by the run.")
    def multiplied(x0, y0, x1, y1):
        return (y1 - y0) * (x1 - x0)

    @mistake("The numbers were added where a difference is needed: how far from the one to the other is y1 − y0.")
    def sums(x0, y0, x1, y1):
        return (y1 + y0) / (x1 + x0)

    @mistake("The minus sign has gone: `abs` makes every line rise. A line that falls has a slope below zero.")
    def sign_lost(x0, y0, x1, y1):
        return abs((y1 - y0) / (x1 - x0))

    @also_right
    def from_the_other_end(x0, y0, x1, y1):
        return (y0 - y1) / (x0 - x1)

    @also_right
    def step_by_step(x0, y0, x1, y1):
        rise, run = y1 - y0, x1 - x0
        return rise * (1 / run)

    @also_right
    def with_numpy(x0, y0, x1, y1):
        import numpy as np

        run, rise = np.subtract([x1, y1], [x0, y0])
        return np.divide(rise, run)
