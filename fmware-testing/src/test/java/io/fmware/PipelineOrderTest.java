package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.retry.Deadlines;
import io.fmware.route.Fallback;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PipelineOrderTest {
    private static final Interceptor PASSES = (call, next) -> next.proceed(call);

    @Property(tries = 300)
    void any_order_of_with_gives_the_order_of_the_phases_and_keeps_that_of_the_writer_inside_one(
            @ForAll @Size(max = 12) List<Phase> phases) {
        List<String> seen = new ArrayList<>();
        List<Interceptor> given = new ArrayList<>();
        for (int i = 0; i < phases.size(); i++) {
            String name = "i" + i;
            given.add(Interceptor.of(name, phases.get(i), (call, next) -> {
                seen.add(name);
                return next.proceed(call);
            }));
        }
        List<String> expected = given.stream()
                .sorted(Comparator.comparing(Interceptor::phase))
                .map(Interceptor::name)
                .toList();
        FmPipeline pipeline = pipeline(given.toArray(Interceptor[]::new));

        pipeline.wrap((ChatModel) ScriptedChatModel.replying("yes")).chat("hello");

        assertThat(seen).isEqualTo(expected);
        assertThat(pipeline)
                .hasToString(String.join("(", expected) + (expected.isEmpty() ? "" : "(") + "model"
                        + ")".repeat(expected.size()));
        pipeline.close();
    }

    @Test
    void a_wrapped_model_shows_the_chain_as_it_runs() {
        FmPipeline pipeline = pipeline(
                Interceptor.of("limit", Phase.LIMIT, PASSES),
                Interceptor.of("cache", Phase.CACHE, PASSES),
                Interceptor.of("retry", Phase.RETRY, PASSES));

        assertThat(pipeline).hasToString("cache(retry(limit(model)))");
        assertThat(pipeline.wrap((ChatModel) ScriptedChatModel.replying()))
                .hasToString("cache(retry(limit(ScriptedChatModel)))");
    }

    @Test
    void a_pipeline_says_who_watches_it() {
        FmPipeline pipeline = FmPipeline.builder()
                .with(Interceptor.of("cache", Phase.CACHE, PASSES))
                .watch(new io.fmware.Watching())
                .build();

        assertThat(pipeline).hasToString("cache(model) watched by watching");
    }

    @Test
    void lambdas_are_numbered_by_where_they_stand() {
        FmPipeline pipeline =
                pipeline((call, next) -> next.proceed(call), Interceptor.of("first", Phase.DEADLINE, PASSES));

        assertThat(pipeline).hasToString("first(interceptor-2(model))");
        assertThat(pipeline.interceptor("interceptor-2").name()).isEqualTo("interceptor-2");
    }

    @Test
    void a_name_that_somebody_gave_is_kept_though_it_is_that_of_lambdas() {
        FmPipeline pipeline = pipeline(Interceptor.of("interceptor", Phase.DEADLINE, PASSES), PASSES);

        assertThat(pipeline).hasToString("interceptor(interceptor-2(model))");
    }

    @Test
    void a_class_gives_its_interceptor_a_name_with_a_small_letter() {
        assertThat(pipeline(new Watching())).hasToString("watching(model)");
    }

    @Test
    void an_interceptor_that_was_added_twice_is_refused() {
        Interceptor named = Interceptor.of("mine", Phase.ADMIT, PASSES);

        assertThatThrownBy(() -> pipeline(named, named))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("interceptor 'mine' (" + PASSES.getClass().getName() + ") was added twice; add it once");
    }

    @Test
    void a_lambda_that_was_added_twice_is_refused() {
        assertThatThrownBy(() -> pipeline(PASSES, PASSES))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "interceptor 'interceptor' (" + PASSES.getClass().getName() + ") was added twice; add it once");
    }

    @Test
    void two_interceptors_of_one_name_are_refused_and_both_are_named() {
        Interceptor one = Interceptor.of("mine", Phase.ADMIT, PASSES);
        Interceptor two = Interceptor.of("mine", Phase.CACHE, new Watching());

        assertThatThrownBy(() -> pipeline(one, two))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("interceptor 'mine' (" + PASSES.getClass().getName()
                        + ") and interceptor 'mine' (io.fmware.PipelineOrderTest$Watching) have the same name; keep one of"
                        + " them, or rename one with Interceptor.of(name, phase, interceptor)");
    }

    @Test
    void an_interceptor_without_a_phase_is_refused_and_named() {
        Interceptor adrift = new Watching() {
            @Override
            public Phase phase() {
                return null;
            }

            @Override
            public String name() {
                return "adrift";
            }
        };

        assertThatThrownBy(() -> pipeline(adrift))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("interceptor 'adrift' (" + adrift.getClass().getName()
                        + ") has no phase; return one from phase()");
    }

    @Test
    void two_deadlines_are_refused_and_both_are_named() {
        assertThatThrownBy(() ->
                        pipeline(Deadlines.of(Duration.ofSeconds(5)), new Renamed(Deadlines.of(Duration.ofSeconds(9)))))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "deadlines of PT9S and of PT5S are in one pipeline, and only the shorter one would ever hold;"
                                + " keep that");
    }

    /** Deadlines under another name, whose check still runs. */
    private record Renamed(Deadlines body) implements Interceptor {
        @Override
        public FmReply intercept(FmCall call, Chain next) {
            return body.intercept(call, next);
        }

        @Override
        public Phase phase() {
            return Phase.DEADLINE;
        }

        @Override
        public String name() {
            return "renamed";
        }

        @Override
        public void check(List<Interceptor> order) {
            body.check(order);
        }
    }

    @Test
    void a_fallback_on_what_nobody_finds_is_refused_with_the_cure() {
        Fallback fallback = Fallback.builder()
                .then(Target.of((ChatModel) ScriptedChatModel.replying("yes")))
                .on(FailureClass.INVALID_REPLY)
                .build();

        assertThatThrownBy(() -> pipeline(fallback))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("interceptor 'fallback' falls back on invalid replies alone, but the pipeline has no"
                        + " interceptor in phase VALIDATE that could find one; add Reprompting, or fall back on"
                        + " UNAVAILABLE too");
    }

    @Test
    void each_interceptor_is_checked_once_in_the_company_of_all() {
        List<List<String>> companies = new ArrayList<>();
        Interceptor checking = new Watching() {
            @Override
            public void check(List<Interceptor> order) {
                companies.add(order.stream().map(Interceptor::name).toList());
            }

            @Override
            public String name() {
                return "checking";
            }
        };

        pipeline(checking, Interceptor.of("first", Phase.DEADLINE, PASSES));

        assertThat(companies).containsExactly(List.of("first", "checking"));
    }

    @Test
    void a_switch_of_an_unknown_name_is_refused_with_the_names_that_there_are() {
        FmPipeline pipeline =
                pipeline(Interceptor.of("limit", Phase.LIMIT, PASSES), Interceptor.of("cache", Phase.CACHE, PASSES));

        assertThatThrownBy(() -> pipeline.interceptor("cahce"))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("no interceptor is named 'cahce'; this pipeline has [cache, limit]");
    }

    @Test
    void a_builder_may_be_used_again_and_what_was_built_does_not_change() {
        FmPipeline.Builder builder = FmPipeline.builder().with(Interceptor.of("one", Phase.ADMIT, PASSES));
        FmPipeline first = builder.build();
        FmPipeline second =
                builder.with(Interceptor.of("two", Phase.ADMIT, PASSES)).build();

        assertThat(first).hasToString("one(model)");
        assertThat(second).hasToString("one(two(model))");
    }

    @Test
    void settings_that_make_no_sense_are_refused() {
        FmPipeline.Builder builder = FmPipeline.builder();

        assertThatThrownBy(() -> builder.maxRequestCharacters(0))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxRequestCharacters must be positive, but is 0");
        assertThatThrownBy(() -> builder.drain(Duration.ofSeconds(-1)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("the time to drain must not be negative, but is PT-1S");
        assertThatThrownBy(() -> Interceptor.of(" ", Phase.ADMIT, PASSES))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("the name of an interceptor must not be blank");
        assertThatThrownBy(() -> builder.build().wrap((ChatModel) null))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("the model to wrap is null");
    }

    @Test
    void interceptors_that_belong_to_the_first_model_are_passed_by_for_another() {
        List<String> seen = new ArrayList<>();
        ChatModel other = ScriptedChatModel.replying("from the other");
        Interceptor turning = Interceptor.of("turning", Phase.FALLBACK, (call, next) -> {
            next.proceed(call);
            return next.proceed(call.withTarget(Target.of(other)));
        });
        FmPipeline pipeline =
                pipeline(turning, noting("validate", Phase.VALIDATE, seen), noting("retry", Phase.RETRY, seen));

        String answer = pipeline.wrap((ChatModel) ScriptedChatModel.replying("from the first"))
                .chat("hello");

        assertThat(answer).isEqualTo("from the other");
        assertThat(seen).containsExactly("validate", "retry", "validate");
    }

    private static Interceptor noting(String name, Phase phase, List<String> seen) {
        return Interceptor.of(name, phase, (call, next) -> {
            seen.add(name);
            return next.proceed(call);
        });
    }

    private static FmPipeline pipeline(Interceptor... interceptors) {
        FmPipeline.Builder builder = FmPipeline.builder();
        List.of(interceptors).forEach(builder::with);
        return builder.build();
    }

    private static class Watching implements Interceptor {
        @Override
        public FmReply intercept(FmCall call, Chain next) {
            return next.proceed(call);
        }

        @Override
        public Set<Operation> operations() {
            return Set.of(Operation.CHAT);
        }
    }
}
