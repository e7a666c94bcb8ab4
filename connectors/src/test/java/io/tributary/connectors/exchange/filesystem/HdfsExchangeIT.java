package io.tributary.connectors.exchange.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.exchange.Exchange;
import io.tributary.exchange.MonotonicTime;
import io.tributary.exchange.StoredExchangeContract;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exchange in HDFS, with a real NameNode and DataNode on loopback. */
final class HdfsExchangeIT extends StoredExchangeContract {
  private static MiniDFSCluster cluster;
  private static DistributedFileSystem hdfs;
  private static int tests;

  private URI folder;

  @BeforeAll
  static void startCluster(@TempDir java.nio.file.Path disk) throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, disk.toString());
    configuration.set("dfs.namenode.quota.init-threads", "1");
    configuration.set("dfs.namenode.fs-limits.min-block-size", "1024");
    cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).format(true).build();
    cluster.waitClusterUp();
    hdfs = cluster.getFileSystem();
  }

  @AfterAll
  static void stopCluster() throws IOException {
    hdfs.close();
    cluster.shutdown(true);
  }

  @BeforeEach
  void makeFolder() throws IOException {
    folder = cluster.getURI().resolve("/exchange-" + tests++);
    hdfs.mkdirs(new Path(folder));
  }

  @Override
  protected Exchange connect() {
    return FileSystemExchange.open(folder, "north", Map.of(), MonotonicTime.SYSTEM);
  }

  @Override
  protected int manyObjects() {
    return 300;
  }

  /** HDFS files cannot be changed in place: the damaged file is another one under the name. */
  @Override
  protected void damage(String name, double position, boolean truncate) throws Exception {
    Path path = new Path(folder.getPath(), name);
    byte[] stored;
    try (InputStream in = hdfs.open(path)) {
      stored = in.readAllBytes();
    }
    int at = (int) (position * stored.length);
    if (truncate) {
      stored = Arrays.copyOf(stored, at);
    } else {
      stored[at] ^= 1;
    }
    try (OutputStream out = hdfs.create(path, true)) {
      out.write(stored);
    }
  }

  @Override
  protected void swap(String from, String onto) throws Exception {
    try (InputStream in = hdfs.open(new Path(folder.getPath(), from));
        OutputStream out = hdfs.create(new Path(folder.getPath(), onto), true)) {
      in.transferTo(out);
    }
  }

  @Test
  void folderThatIsMissingIsNamedWithTheRemedy() {
    URI missing = cluster.getURI().resolve("/nowhere");
    assertThatThrownBy(
            () -> FileSystemExchange.open(missing, "north", Map.of(), MonotonicTime.SYSTEM))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("EXCHANGE_FAILED: The exchange's folder " + missing)
        .hasMessageContaining("does not exist")
        .hasMessageContaining("Start the coordinator first");
  }

  @Test
  void folderOfAnotherUserIsRefused() throws Exception {
    Path closed = new Path(folder.getPath(), "closed");
    hdfs.mkdirs(closed, new FsPermission((short) 0700));
    UserGroupInformation stranger = UserGroupInformation.createRemoteUser("stranger");
    stranger.doAs(
        (java.security.PrivilegedExceptionAction<Void>)
            () -> {
              assertThatThrownBy(
                      () ->
                          FileSystemExchange.open(
                              cluster.getURI().resolve(closed.toUri().getPath()),
                              "stranger",
                              Map.of(),
                              MonotonicTime.SYSTEM))
                  .isInstanceOf(TributaryException.class)
                  .hasMessageContaining("EXCHANGE_FAILED")
                  .hasMessageContaining("cannot be written or read by this user")
                  .hasMessageContaining("Give this user the right");
              return null;
            });
  }

  @Test
  void usedUpQuotaIsAFullFolder() throws Exception {
    Exchange exchange = connect();
    exchange.put("a/1", new byte[10]);
    hdfs.setQuota(new Path(folder.getPath()), Long.MAX_VALUE - 1, 2_000_000);
    assertThatThrownBy(() -> exchange.put("a/2", new byte[4_000_000]))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("EXCHANGE_FAILED")
        .hasMessageContaining("is full")
        .hasMessageContaining("Free space or raise the quota");
    hdfs.setQuota(new Path(folder.getPath()), Long.MAX_VALUE - 1, Long.MAX_VALUE - 1);
    exchange.put("a/2", new byte[4_000_000]);
    assertThat(exchange.get("a/2")).hasValue(new byte[4_000_000]);
    exchange.close();
  }

  @Test
  void unfinishedFilesOfThisOwnerAreRemovedOnceStale() throws Exception {
    Path own = new Path(folder.getPath(), ".staging/north/left");
    Path young = new Path(folder.getPath(), ".staging/north/young");
    Path other = new Path(folder.getPath(), ".staging/south/left");
    for (Path path : new Path[] {own, young, other}) {
      hdfs.create(path).close();
    }
    long twoHoursAgo = hdfs.getFileStatus(young).getModificationTime() - 7_200_000;
    hdfs.setTimes(own, twoHoursAgo, -1);
    hdfs.setTimes(other, twoHoursAgo, -1);
    connect().close();
    assertThat(hdfs.exists(own)).isFalse();
    assertThat(hdfs.exists(young)).isTrue();
    assertThat(hdfs.exists(other)).isTrue();
  }

  @Test
  void closingLeavesTheSharedFileSystemOpen() throws Exception {
    FileSystem shared = FileSystem.get(folder, new Configuration());
    connect().close();
    assertThat(shared.exists(new Path(folder.getPath()))).isTrue();
  }

  @Test
  void nameNodeThatIsGoneEndsInATypedError() throws Exception {
    int freePort;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      freePort = socket.getLocalPort();
    }
    URI gone = URI.create("hdfs://127.0.0.1:" + freePort + "/x");
    assertThatThrownBy(
            () ->
                FileSystemExchange.open(
                    gone,
                    "north",
                    Map.of("ipc.client.connect.retry.interval", "10"),
                    MonotonicTime.SYSTEM))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.EXCHANGE_FAILED);
              assertThat(e.problem()).contains("hdfs://127.0.0.1:" + freePort);
              assertThat(Optional.of(e.remedy()))
                  .hasValueSatisfying(remedy -> assertThat(remedy).contains("file system"));
            });
  }
}
