package io.fmware.examples.support;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.examples.support.SupportDesk.Patience;
import io.fmware.testing.Fault;
import io.fmware.testing.Faults;
import io.fmware.testing.FaultyChatModel;
import java.time.Duration;

/** A model that lets three calls of ten go wrong, in every way that servers and models are known to, and is down for a while. */
final class Trouble {
    /** With trouble a stalled attempt is given up soon, so that a run does not consist of waiting. */
    static final Patience PATIENCE =
            new Patience(Duration.ofSeconds(30), Duration.ofSeconds(1), Duration.ofMillis(20), Duration.ofMillis(5));

    private static final int DOWN_FROM = 60;
    private static final int UP_FROM = 120;

    private Trouble() {}

    static FaultyChatModel with(ChatModel model, long seed) {
        Faults faults = Faults.seeded(seed)
                .rate(0.06, Fault.RATE_LIMIT)
                .rate(0.03, Fault.TIMEOUT)
                .rate(0.03, Fault.SERVER_ERROR)
                .rate(0.01, Fault.STALL)
                .rate(0.04, Fault.TRUNCATED)
                .rate(0.02, Fault.BROKEN_EVENT)
                .rate(0.04, Fault.MALFORMED_JSON)
                .rate(0.03, Fault.EMPTY_ANSWER)
                .rate(0.04, Fault.MADE_UP_CITATION)
                .stallFor(Duration.ofMinutes(5));
        for (int call = DOWN_FROM; call < UP_FROM; call++) {
            faults = faults.on(call, Fault.SERVER_ERROR);
        }
        return FaultyChatModel.wrap(model, faults);
    }
}
