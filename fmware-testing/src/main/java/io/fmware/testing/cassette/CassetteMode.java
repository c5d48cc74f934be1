package io.fmware.testing.cassette;

import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Whether tests record or replay. */
enum CassetteMode {
    /** Never record. */
    REPLAY,
    /** Record again all that is run. */
    RECORD,
    /** Record where there is no cassette. */
    MISSING;

    static final String PROPERTY = "fmware.cassettes";
    private static final String VARIABLE = "FMWARE_CASSETTES";
    private static final String[] OF_CI = {
        "CI", "GITHUB_ACTIONS", "GITLAB_CI", "JENKINS_URL", "TF_BUILD", "BUILDKITE", "TEAMCITY_VERSION"
    };

    /**
     * A mode, and why it is that.
     *
     * @param mode the mode
     * @param why what said so, for messages
     */
    record Chosen(CassetteMode mode, String why) {}

    /**
     * Chooses a mode.
     *
     * @param property the value of the system property, {@code null} where it is not set
     * @param environment gives environment variables
     * @throws IllegalStateException if recording is asked for in CI
     */
    static Chosen of(@Nullable String property, Function<String, @Nullable String> environment) {
        String variable = environment.apply(VARIABLE);
        String ci = ci(environment);
        if (isBlank(property) && isBlank(variable)) {
            return ci == null
                    ? new Chosen(MISSING, "")
                    : new Chosen(REPLAY, "this is CI, where nothing is recorded: " + ci + " is set");
        }
        String said = isBlank(property)
                ? VARIABLE + "=" + String.valueOf(variable).strip()
                : PROPERTY + "=" + String.valueOf(property).strip();
        CassetteMode mode = read(said);
        if (ci == null || mode == REPLAY) {
            return new Chosen(mode, said);
        }
        if (mode == RECORD) {
            throw new IllegalStateException(said + ", but this is CI (" + ci
                    + " is set), where nothing is recorded: what a model says has to be read by somebody before tests"
                    + " rely on it. Record where you develop, and commit the cassettes");
        }
        return new Chosen(REPLAY, "this is CI, where nothing is recorded: " + ci + " is set");
    }

    private static CassetteMode read(String said) {
        String word = said.substring(said.indexOf('=') + 1);
        for (CassetteMode each : values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(word)) {
                return each;
            }
        }
        throw new IllegalArgumentException(said + " is not known; it is replay, record or missing");
    }

    /** The variable that says that this is CI, {@code null} where none does. */
    private static @Nullable String ci(Function<String, @Nullable String> environment) {
        for (String each : OF_CI) {
            String value = environment.apply(each);
            if (!isBlank(value) && !"false".equalsIgnoreCase(value) && !"0".equals(value)) {
                return each;
            }
        }
        return null;
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }
}
