"""What a pure rule refuses, in a sentence that is translated where somebody reads it."""


class Fault(ValueError):
    """A value that a rule cannot take; programs read it as any ``ValueError``.

    :param sentence: the English sentence with named holes, marked with ``_lt``
    :param values: what stands in the holes
    """

    def __init__(self, sentence, **values):
        super().__init__(sentence % values if values else sentence)
        self.sentence, self.values = sentence, values


def _lt(sentence):
    """Mark a sentence for translators; here it stays as it is."""
    return sentence
