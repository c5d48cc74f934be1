package io.fmware.testing;

import io.fmware.TimeSource;
import java.util.Objects;

/**
 * What the builders of both scripted chat models can set.
 *
 * @param <B> the builder
 */
abstract class ScriptedSettings<B extends ScriptedSettings<B>> extends ChatSettings<B> {

    private Script script = Script.of();
    private TimeSource time = TimeSource.system();

    ScriptedSettings() {}

    ScriptPlayer player(String model) {
        return new ScriptPlayer(model, script, time);
    }

    /**
     * Sets the script; an empty one by default.
     *
     * @param script the script
     * @return this builder
     */
    public B script(Script script) {
        this.script = Objects.requireNonNull(script, "script");
        return self();
    }

    /**
     * Sets the time by which the delays of replies are measured; the system's by default.
     *
     * @param time the time source, such as a {@link ManualClock}
     * @return this builder
     */
    public B timeSource(TimeSource time) {
        this.time = Objects.requireNonNull(time, "time");
        return self();
    }
}
