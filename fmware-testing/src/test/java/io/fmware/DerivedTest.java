package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DerivedTest {
    private static final AttributeKey<Integer> LENGTH = AttributeKey.of("length", Integer.class);

    private final List<FmCall> worked = Collections.synchronizedList(new ArrayList<>());

    private int length(FmCall call) {
        return call.derived(LENGTH, each -> {
            worked.add(each);
            return each.request().messages().size();
        });
    }

    private Interceptor reading(String name, Phase phase) {
        return Interceptor.of(name, phase, (call, next) -> {
            assertThat(length(call)).isEqualTo(call.request().messages().size());
            return next.proceed(call);
        });
    }

    @ParameterizedTest
    @EnumSource
    void what_is_derived_is_worked_out_once_for_all_interceptors_and_attempts(Caller caller) {
        Interceptor twice = Interceptor.of("twice", Phase.RETRY, (call, next) -> {
            length(call);
            next.proceed(call);
            return next.proceed(call.nextAttempt());
        });
        try (Rig rig = Rig.of(caller, Script.always(Reply.text("yes")), twice, reading("below", Phase.LIMIT))) {
            rig.call().text();
            assertThat(worked).hasSize(1);
            rig.call().text();
            assertThat(worked).as("once for each call").hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void another_request_is_worked_out_anew(Caller caller) {
        Interceptor changing = Interceptor.of("changing", Phase.RETRY, (call, next) -> {
            length(call);
            FmReply first =
                    next.proceed(call.withRequest(call.request().toBuilder().build()));
            length(call);
            return first;
        });
        try (Rig rig = Rig.of(caller, Script.replying("yes"), changing, reading("below", Phase.LIMIT))) {
            rig.call().text();
            assertThat(worked).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_fork_finds_what_its_call_has_worked_out(Caller caller) {
        Interceptor forking = Interceptor.of("forking", Phase.HEDGE, (call, next) -> {
            length(call);
            ForkedCall forked = call.proceedAside(next, TokenSink.none());
            call.await(forked.reply(), "waiting for a fork");
            return forked.reply().join();
        });
        try (Rig rig = Rig.of(caller, Script.replying("yes"), forking, reading("below", Phase.LIMIT))) {
            rig.call().text();
            assertThat(worked).hasSize(1);
        }
    }

    @Test
    void another_model_is_worked_out_anew() {
        try (FmPipeline own =
                FmPipeline.builder().with(reading("inner", Phase.LIMIT)).build()) {
            FmChatModel wrapped = own.wrap(ScriptedChatModel.of(Reply.text("yes")));
            try (FmPipeline outer =
                    FmPipeline.builder().with(reading("outer", Phase.LIMIT)).build()) {
                outer.wrap(wrapped).chat("Hi");
            }
            assertThat(worked).extracting(call -> call.target().isWrapped()).containsExactly(true, false);
        }
    }

    @Test
    void nothing_cannot_be_derived() {
        Interceptor nothing = Interceptor.of("nothing", Phase.LIMIT, (call, next) -> {
            Function<FmCall, Integer> none = new HashMap<FmCall, Integer>()::get;
            assertThatThrownBy(() -> call.derived(LENGTH, none))
                    .isExactlyInstanceOf(NullPointerException.class)
                    .hasMessage("what was worked out for length");
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(Caller.CHAT, Script.replying("yes"), nothing)) {
            rig.call().text();
        }
    }
}
