package io.fmware.route;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.FmPipeline;
import io.fmware.FmwareException;
import io.fmware.Interceptor;
import io.fmware.InvalidReplyException;
import io.fmware.Phase;
import io.fmware.Target;
import io.fmware.TimeSource;
import io.fmware.retry.Deadlines;
import io.fmware.retry.Reprompting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks a model what it must be able to answer. */
final class SwapChecks {
    private static final String WARM_UP = "warm-up";

    /** Stands where a pipeline needs a model to wrap; the calls go to another one. */
    private static final ChatModel PLACE = new ChatModel() {
        @Override
        public ChatResponse doChat(ChatRequest request) {
            throw new IllegalStateException("the model in the place of the one that is checked was asked");
        }
    };

    private SwapChecks() {}

    /**
     * What a model made of what it was asked.
     *
     * @param isWarm whether it answered all requests of the warm-up
     * @param results those of all cases, or that of the first request of the warm-up that failed
     */
    record Checked(boolean isWarm, List<SwapReport.CaseResult> results) {
        /** Whether it is warm, and passed at least a share of the cases. */
        boolean isEnough(double least) {
            long passed = results.stream().filter(SwapReport.CaseResult::passed).count();
            return isWarm && passed >= Math.ceil(least * results.size() - 1e-9);
        }
    }

    static Checked run(
            Target target, List<ChatRequest> warmUp, List<SwapCase> cases, Duration eachWithin, TimeSource time) {
        for (ChatRequest request : warmUp) {
            String fault = fault(pipeline(target, eachWithin, time), request);
            if (fault != null) {
                return new Checked(false, List.of(new SwapReport.CaseResult(WARM_UP, false, fault)));
            }
        }
        List<SwapReport.CaseResult> results = new ArrayList<>();
        for (SwapCase each : cases) {
            FmPipeline.Builder checking =
                    pipeline(target, eachWithin, time).with(Reprompting.upTo(1).until(each.validator()));
            String fault = fault(checking, each.request());
            results.add(new SwapReport.CaseResult(each.name(), fault == null, fault));
        }
        return new Checked(true, results);
    }

    private static FmPipeline.Builder pipeline(Target target, Duration eachWithin, TimeSource time) {
        return FmPipeline.builder()
                .time(time)
                .with(Deadlines.of(eachWithin))
                .with(Interceptor.of("candidate", Phase.ROUTE, (call, next) -> next.proceed(call.withTarget(target))));
    }

    private static @Nullable String fault(FmPipeline.Builder builder, ChatRequest request) {
        try (FmPipeline pipeline = builder.build()) {
            pipeline.wrap(PLACE).chat(request);
            return null;
        } catch (InvalidReplyException e) {
            List<InvalidReplyException.Attempt> attempts = e.attempts();
            return attempts.get(attempts.size() - 1).reason();
        } catch (RuntimeException e) { // messages of models may quote what was asked
            return e.getClass().getName() + (e instanceof FmwareException ? ": " + e.getMessage() : "");
        }
    }
}
