"""Why a rule came out as it did: conditions as sentences, what is missing, what came close."""
