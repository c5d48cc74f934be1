package io.fmware.service;

import dev.langchain4j.spi.prompt.PromptTemplateFactory;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts the clock of langchain4j's prompt templates behind the boundary {@link BoundaryKind#CLOCK}, under the name
 * {@value #NAME}: what comes out is a {@link LocalDateTime}, of which <code>{{current_date}}</code>,
 * <code>{{current_time}}</code> and <code>{{current_date_time}}</code> are made. Templates without these, and those outside of
 * any run, are rendered and nothing else.
 *
 * <p>Registered as a service, so that langchain4j asks it for each template. It renders through the factory of another library
 * where there is one, and elsewhere as langchain4j does by itself, with the same errors.
 */
public final class PromptTemplates implements PromptTemplateFactory {
    private static final String NAME = "prompt-template";
    private static final String DATE = "current_date";
    private static final String TIME = "current_time";
    private static final String DATE_TIME = "current_date_time";
    private static final Set<String> TIMES = Set.of(DATE, TIME, DATE_TIME);
    private static final Pattern VARIABLE = Pattern.compile("\\{\\{\\s*(.+?)\\s*}}");

    private final @Nullable PromptTemplateFactory other = ServiceLoader.load(PromptTemplateFactory.class).stream()
            .filter(provider -> provider.type() != PromptTemplates.class)
            .findFirst()
            .map(ServiceLoader.Provider::get)
            .orElse(null);

    /** For the service loader. */
    public PromptTemplates() {}

    @Override
    public Template create(Input input) {
        String text = input.getTemplate();
        if (other == null) {
            Plain plain = Plain.of(text);
            return Collections.disjoint(plain.variables(), TIMES) ? plain : timed(plain);
        }
        Template theirs = other.create(input); // how a variable is written there is not known here
        return TIMES.stream().anyMatch(text::contains) ? timed(theirs) : theirs;
    }

    private static Template timed(Template template) {
        return variables -> template.render(timed(variables));
    }

    private static Map<String, Object> timed(Map<String, Object> variables) {
        if (FmRun.currentScope() == null || !(variables.get(DATE_TIME) instanceof LocalDateTime now)) {
            return variables;
        }
        LocalDateTime told = FmRun.cross(BoundaryKind.CLOCK, NAME, () -> now);
        Map<String, Object> timed = new HashMap<>(variables);
        timed.put(DATE, told.toLocalDate());
        timed.put(TIME, told.toLocalTime());
        timed.put(DATE_TIME, told);
        return timed;
    }

    /**
     * What langchain4j makes of a template by itself.
     *
     * @param text the template
     * @param variables the names in it
     */
    private record Plain(String text, Set<String> variables) implements Template {

        static Plain of(String text) {
            Set<String> variables = new LinkedHashSet<>();
            Matcher matcher = VARIABLE.matcher(text);
            while (matcher.find()) {
                variables.add(matcher.group(1).trim());
            }
            return new Plain(text, variables);
        }

        @Override
        public String render(Map<String, Object> values) {
            for (String variable : variables) {
                if (!values.containsKey(variable)) {
                    throw new IllegalArgumentException("Value for the variable '" + variable + "' is missing");
                }
            }
            return VARIABLE.matcher(text)
                    .replaceAll(found ->
                            Matcher.quoteReplacement(value(found.group(1).trim(), values)));
        }

        private static String value(String variable, Map<String, Object> values) {
            Object value = values.get(variable);
            String shown = value == null ? null : value.toString();
            if (shown == null) {
                throw new IllegalArgumentException("Value for the variable '" + variable + "' is null");
            }
            return shown;
        }
    }
}
