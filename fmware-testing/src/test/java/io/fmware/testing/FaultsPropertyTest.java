package io.fmware.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class FaultsPropertyTest {

    @Property(tries = 100)
    void the_same_seed_and_order_of_calls_give_the_same_faults(
            @ForAll long seed,
            @ForAll @DoubleRange(max = 0.5) double limited,
            @ForAll @DoubleRange(max = 0.5) double empty,
            @ForAll @IntRange(max = 60) int calls) {
        Faults faults = Faults.seeded(seed).rate(limited, Fault.RATE_LIMIT).rate(empty, Fault.EMPTY_ANSWER);
        FaultyChatModel one = wrap(faults);
        FaultyChatModel two = wrap(faults);
        assertThat(answers(one, calls)).isEqualTo(answers(two, calls));
        assertThat(one.injected()).isEqualTo(two.injected());
        for (InjectedFault injected : one.injected()) {
            assertThat(faults.on(injected.call())).contains(injected.fault());
        }
    }

    @Property(tries = 100)
    void chat_and_stream_suffer_the_same_faults(@ForAll long seed, @ForAll @IntRange(max = 40) int calls) {
        Faults faults = Faults.seeded(seed).rate(0.3, Fault.TIMEOUT).rate(0.3, Fault.TRUNCATED);
        FaultyChatModel chat = wrap(faults);
        FaultyStreamingChatModel stream = FaultyStreamingChatModel.wrap(
                ScriptedStreamingChatModel.of(Script.always(Reply.text("one two three"))), faults);
        answers(chat, calls);
        for (int i = 0; i < calls; i++) {
            stream.chat("hello", new Heard());
        }
        assertThat(stream.injected()).isEqualTo(chat.injected());
    }

    private static FaultyChatModel wrap(Faults faults) {
        return FaultyChatModel.wrap(ScriptedChatModel.of(Script.always(Reply.text("one two three"))), faults);
    }

    private static List<String> answers(ChatModel model, int calls) {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            try {
                answers.add(model.chat("hello"));
            } catch (RuntimeException e) {
                answers.add(e.toString());
            }
        }
        return answers;
    }
}
