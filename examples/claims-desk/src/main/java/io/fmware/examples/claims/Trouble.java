package io.fmware.examples.claims;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.testing.Fault;
import io.fmware.testing.Faults;
import io.fmware.testing.FaultyChatModel;
import java.util.function.Function;

/** A bad day of the model, to try out what the desk makes of it. The same seed is the same day. */
final class Trouble {
    private static final double OFTEN = 0.15;
    private static final double SELDOM = 0.05;

    private Trouble() {}

    /**
     * The model of each agent, with faults.
     *
     * @param seed decides which calls go wrong; each agent counts its own, so that it does not matter which of them is first
     */
    static Function<String, ChatModel> with(ChatModel model, long seed) {
        return agent -> FaultyChatModel.wrap(
                model,
                Faults.seeded(seed + agent.hashCode())
                        .rate(OFTEN, Fault.SERVER_ERROR)
                        .rate(OFTEN, Fault.TRUNCATED)
                        .rate(SELDOM, Fault.EMPTY_ANSWER));
    }
}
