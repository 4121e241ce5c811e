import org.codelibs.opensearch.runner.OpenSearchRunner;

/** Runs one node until standard input ends, so that it never outlives who started it. Arguments: folder, port. */
public class StartOpenSearch {
  public static void main(String[] args) throws Exception {
    // Nodes on one machine find one another; one name each keeps them apart.
    var cluster = "viewbeat-" + args[1];
    var runner = new OpenSearchRunner();
    runner.onBuild((number, settings) -> {
      settings.put("network.host", "127.0.0.1");
      // Another engine on this machine is none of its business: by itself it would join it.
      settings.put("discovery.type", "single-node");
      settings.put("http.port", args[1]);
      settings.putList("discovery.seed_hosts");
      settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
    });
    runner.build(OpenSearchRunner.newConfigs().basePath(args[0]).clusterName(cluster).numOfNode(1).useLogger());
    System.out.println("viewbeat: ready");
    while (System.in.read() != -1) {}
    runner.close();
    System.exit(0);
  }
}
