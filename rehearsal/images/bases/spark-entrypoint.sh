#!/bin/bash
# What a container of Spark starts with. Spark's client gives it the word "driver", Spark's driver the word "executor"; any
# other command is run as it is.
set -eu

# Spark numbers the options that Java is to have: SPARK_JAVA_OPT_0, SPARK_JAVA_OPT_1 and so on.
java_options=()
for ((number = 0; ; number++)); do
  name="SPARK_JAVA_OPT_$number"
  [ -n "${!name+set}" ] || break
  java_options+=("${!name}")
done

classes="${SPARK_CLASSPATH:-}:$SPARK_HOME/jars/*"
for folder in "${SPARK_EXTRA_CLASSPATH:-}" "${HADOOP_CONF_DIR:-}" "${SPARK_CONF_DIR:-}"; do
  [ -z "$folder" ] || classes="$folder:$classes"
done
# The folder that a pod of Spark starts in may hold jars too.
classes="$classes:$PWD"

case "${1:-}" in
  driver)
    shift
    exec "$SPARK_HOME/bin/spark-submit" \
      --conf "spark.driver.bindAddress=$SPARK_DRIVER_BIND_ADDRESS" \
      --conf "spark.executorEnv.SPARK_DRIVER_POD_IP=$SPARK_DRIVER_BIND_ADDRESS" \
      --deploy-mode client "$@"
    ;;
  executor)
    exec "$JAVA_HOME/bin/java" "${java_options[@]}" \
      "-Xms$SPARK_EXECUTOR_MEMORY" "-Xmx$SPARK_EXECUTOR_MEMORY" -cp "$classes" \
      org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend \
      --driver-url "$SPARK_DRIVER_URL" --executor-id "$SPARK_EXECUTOR_ID" --cores "$SPARK_EXECUTOR_CORES" \
      --app-id "$SPARK_APPLICATION_ID" --hostname "$SPARK_EXECUTOR_POD_IP" \
      --resourceProfileId "$SPARK_RESOURCE_PROFILE_ID" --podName "$SPARK_EXECUTOR_POD_NAME"
    ;;
  *)
    exec "$@"
    ;;
esac
