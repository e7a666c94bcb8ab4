package io.tributary.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM like this one, with another heap. */
public final class OtherJvm {
  /** Of what it prints. */
  public static final Charset CHARSET = StandardCharsets.UTF_8;

  private OtherJvm() {}

  /**
   * Starts it; its errors go where this process's go.
   *
   * @param heap its -Xmx option
   * @param main class with a main method
   */
  public static Process start(String heap, Class<?> main, ProcessBuilder.Redirect output)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-Xmx") && !argument.startsWith("-XX:StartFlight"))
        .forEach(command::add);
    command.add(heap);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    return new ProcessBuilder(command)
        .redirectOutput(output)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
