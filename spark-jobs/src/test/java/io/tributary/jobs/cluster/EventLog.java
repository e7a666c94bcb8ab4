package io.tributary.jobs.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an application's event log says about where it ran.
 *
 * @param settings Spark's settings
 * @param workers address of the worker that started each executor, by the executor's id
 * @param tasks finished tasks by the id of the executor that ran them
 * @param shuffledTasks finished tasks that wrote for a shuffle
 */
record EventLog(
    Map<String, String> settings,
    Map<String, String> workers,
    Map<String, Integer> tasks,
    int shuffledTasks) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads a log that is not compressed. */
  static EventLog read(Path file) throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    Map<String, String> workers = new TreeMap<>();
    Map<String, Integer> tasks = new TreeMap<>();
    int shuffledTasks = 0;
    for (String line : Files.readAllLines(file)) {
      JsonNode event = JSON.readTree(line);
      switch (event.path("Event").asText()) {
        case "SparkListenerEnvironmentUpdate" ->
            event
                .path("Spark Properties")
                .properties()
                .forEach(each -> settings.put(each.getKey(), each.getValue().asText()));
        case "SparkListenerExecutorAdded" ->
            workers.put(
                event.path("Executor ID").asText(),
                event
                    .path("Executor Info")
                    .path("Log Urls")
                    .path("stdout")
                    .asText()
                    .replaceAll("/logPage.*", ""));
        case "SparkListenerTaskEnd" -> {
          tasks.merge(event.path("Task Info").path("Executor ID").asText(), 1, Integer::sum);
          shuffledTasks += event.path("Task Type").asText().equals("ShuffleMapTask") ? 1 : 0;
        }
        default -> {
          // Says nothing about places.
        }
      }
    }
    return new EventLog(settings, workers, tasks, shuffledTasks);
  }

  /** Workers on which executors ran. */
  Set<String> distinctWorkers() {
    return new TreeSet<>(workers.values());
  }
}
