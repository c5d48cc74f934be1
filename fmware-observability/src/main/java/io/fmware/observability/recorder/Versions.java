package io.fmware.observability.recorder;

import dev.langchain4j.model.chat.ChatModel;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The versions of the libraries whose behaviour is in a recording. */
final class Versions {
    /** By the names of the libraries; those that do not say their version are left out. */
    static final Map<String, String> KNOWN = known();

    private Versions() {}

    private static Map<String, String> known() {
        Map<String, String> known = new TreeMap<>();
        put(known, "langchain4j", ChatModel.class, "dev.langchain4j/langchain4j-core");
        return Collections.unmodifiableMap(known);
    }

    /** Maven leaves the version in the jar. */
    private static void put(Map<String, String> known, String name, Class<?> of, String artifact) {
        try (InputStream in = of.getResourceAsStream("/META-INF/maven/" + artifact + "/pom.properties")) {
            if (in != null) {
                Properties properties = new Properties();
                properties.load(in);
                known.put(name, properties.getProperty("version", "unknown"));
            }
        } catch (IOException e) {
            known.put(name, "unknown");
        }
    }
}
