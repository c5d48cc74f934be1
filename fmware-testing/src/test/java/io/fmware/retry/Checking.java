package io.fmware.retry;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.FmCall;
import io.fmware.FmPipeline;
import io.fmware.Interceptor;
import io.fmware.Phase;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.util.concurrent.atomic.AtomicReference;

/** Asks a validator about an answer as a pipeline would. */
final class Checking {

    private Checking() {}

    /** The call that a pipeline makes of a request. */
    static FmCall call(ChatRequest request) {
        AtomicReference<FmCall> seen = new AtomicReference<>();
        try (FmPipeline pipeline = FmPipeline.builder()
                .with(Interceptor.of("watcher", Phase.ADMIT, (call, next) -> {
                    seen.set(call);
                    return next.proceed(call);
                }))
                .build()) {
            pipeline.wrap(ScriptedChatModel.of(Script.always(Reply.text("unused"))))
                    .chat(request, ChatRequestOptions.EMPTY);
        }
        return seen.get();
    }

    static Verdict check(Validator validator, String answer) {
        return check(validator, Scene.request("a question"), answer);
    }

    static Verdict check(Validator validator, ChatRequest request, String answer) {
        return check(validator, call(request), answer);
    }

    static Verdict check(Validator validator, FmCall call, String answer) {
        return validator.validate(
                call, ChatResponse.builder().aiMessage(AiMessage.from(answer)).build());
    }

    /** The reason why an answer is not valid, or "valid". */
    static String reason(Validator validator, String answer) {
        Verdict verdict = check(validator, answer);
        return verdict.isValid() ? "valid" : verdict.reason();
    }

    static String reason(Validator validator, ChatRequest request, String answer) {
        Verdict verdict = check(validator, request, answer);
        return verdict.isValid() ? "valid" : verdict.reason();
    }
}
