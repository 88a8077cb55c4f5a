/** The command line tool: runs scripts, and says whether a machine is fit for child processes. */
module io.procession.tools {
  requires info.picocli;
  requires io.procession;
  requires static org.jspecify;

  opens io.procession.tools to
      info.picocli;
}
