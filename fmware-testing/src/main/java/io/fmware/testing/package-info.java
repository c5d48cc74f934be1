/**
 * Fakes for tests of applications built on foundation models. No network, no key, no sleeping.
 *
 * <ul>
 *   <li><b>Scripted</b>: {@link io.fmware.testing.ScriptedChatModel}, {@link io.fmware.testing.ScriptedStreamingChatModel}
 *       and {@link io.fmware.testing.ScriptedEmbeddingModel} give the replies of one {@link io.fmware.testing.Script}, and
 *       misbehave where a reply says so ({@link io.fmware.testing.Quirk}).
 *   <li><b>Faulty</b>: {@link io.fmware.testing.FaultyChatModel} and {@link io.fmware.testing.FaultyStreamingChatModel} wrap
 *       another model and inject the faults of a seeded plan, {@link io.fmware.testing.Faults}.
 *   <li><b>Extractive</b>: {@link io.fmware.testing.ExtractiveChatModel} and
 *       {@link io.fmware.testing.ExtractiveStreamingChatModel} answer from the context in their prompt.
 *   <li><b>Time</b>: {@link io.fmware.testing.ManualClock} passes when the test says so.
 * </ul>
 *
 * <p>The package needs no test framework. The kit for decorators is in {@code io.fmware.testing.conformance}.
 */
@NullMarked
package io.fmware.testing;

import org.jspecify.annotations.NullMarked;
