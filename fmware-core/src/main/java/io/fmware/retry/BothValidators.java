package io.fmware.retry;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.FmCall;

/** Two validators, the second for what the first finds valid. */
record BothValidators(Validator first, Validator second) implements Validator {

    @Override
    public Verdict validate(FmCall call, ChatResponse response) {
        Verdict verdict = first.validate(call, response);
        if (verdict == null) {
            return verdict; // said by who asked
        }
        return verdict.isValid() ? named(second, call, response) : verdict.by(first.name());
    }

    private static Verdict named(Validator validator, FmCall call, ChatResponse response) {
        Verdict verdict = validator.validate(call, response);
        return verdict == null ? verdict : verdict.by(validator.name());
    }

    @Override
    public String name() {
        return first.name() + " and " + second.name();
    }
}
