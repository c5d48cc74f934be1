package io.fmware.testing.cassette;

import io.fmware.event.Redactor;
import io.fmware.observability.replay.Replay;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Records what a test asks of models, tools, retrievers and the like when it is first run, and answers from that from then on:
 * without the model, its key and the network. What is recorded is a <em>cassette</em>, a file
 * {@code src/test/cassettes/<package>/<Class>/<method>.json} to be committed and reviewed with the test; each invocation of a
 * parameterized or repeated test has its own, with its number.
 *
 * <pre>{@code
 * @Recorded
 * @Test
 * void a_small_damage_is_paid() {
 *     assertThat(new Desk(openAi()).decide("My car was hit.")).contains("paid");
 * }
 * }</pre>
 *
 * <p>The test is a run ({@link io.fmware.FmRun}), from before its {@code @BeforeEach} methods to behind its {@code @AfterEach}
 * methods; runs that the application opens are in it. What crosses a boundary in it is recorded and answered, so models have to be
 * wrapped by a pipeline. A test that asks something else than was recorded fails, and says where and what. A test that failed
 * records nothing.
 *
 * <p>On a class it holds for all of its tests, those of {@code @Nested} classes and of subclasses too; on a method it replaces what
 * the class says.
 *
 * <p>The system property {@code fmware.cassettes}, or else the environment variable {@code FMWARE_CASSETTES}, says what is done:
 * {@code missing} (by default) records where there is no cassette, {@code record} records again all that is run, {@code replay}
 * never records. Where a variable of a CI server is set nothing is recorded: {@code missing} means {@code replay}, and
 * {@code record} is refused. {@code fmware.cassettes.directory} names another directory than {@code src/test/cassettes}.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(CassetteExtension.class)
public @interface Recorded {

    /**
     * What is answered of a question to a model: each attempt, so that what stands between the application and the model runs for
     * real, or the whole question.
     *
     * @return {@link Replay.Level#ATTEMPT} by default
     */
    Replay.Level level() default Replay.Level.ATTEMPT;

    /**
     * Agents that do not run in a replay: their results are taken from the cassette as a whole; see
     * {@link Replay.Builder#answering}.
     *
     * @return names of agents, none by default
     */
    String[] answering() default {};

    /**
     * How long a thread waits for its turn in a replay while no other thread of the test goes on; see {@link Replay.Builder#patience}.
     * To be raised for a debugger, and where code waits by itself for something that is no boundary.
     *
     * @return in milliseconds, positive; 2 seconds by default
     */
    long patienceMillis() default 2_000;

    /**
     * What {@link Redactor#standard()} removes, and is to stay in the cassette, since the data of the test are made up: without
     * it a test sees {@code [email]} where the model has said an address.
     *
     * @return kinds such as {@code email}, as in {@link Redactor#kinds()}; none by default
     */
    String[] keep() default {};

    /**
     * What removes secrets and personal data from the cassette, where the standard is not enough. Not to be used with
     * {@link #keep}.
     *
     * @return a class with a constructor without arguments that gives the redactor; the standard one by default
     */
    Class<? extends Supplier<Redactor>> redactor() default StandardRedactor.class;
}
