"""What clips say of a model in which a token looks at itself and earlier ones only."""

FIRST_LOOKS_AT_ITSELF = "The first token can only look at itself"
