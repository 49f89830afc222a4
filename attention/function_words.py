"""English words that say how others belong together, rather than what they mean."""

PRONOUNS = frozenset(
    "he him his himself she her hers herself it its itself they them their theirs themselves".split()  # noqa: SIM905
)

FUNCTION_WORDS = PRONOUNS | frozenset(
    "a an the this that these those some any no every each all both either neither such "  # noqa: SIM905
    "i me my mine myself you your yours yourself we us our ours ourselves one who whom whose which what "
    "and or but nor so yet for if because although though while when where as than until unless since whether "
    "of in on at by to from with without into onto over under above below between among about after before "
    "through during against up down out off near like "
    "am is are was were be been being do does did done have has had having "
    "will would shall should can could may might must not n't 's 't 're 've 'll 'd 'm s t "
    "there here then too very just only also even still now how why".split()
)
