"""The API server of Kubernetes, over HTTP alone."""

import json
import os
import ssl
import urllib.error
import urllib.request


class Refusal(Exception):
    """What the API server answered instead of doing what it was asked."""

    def __init__(self, status, message):
        super().__init__(f"{status}: {message}")
        self.status = status


class Cluster:
    """The API server, as the pod's service account sees it."""

    def __init__(self, folder):
        with open(os.path.join(folder, "namespace"), encoding="utf-8") as file:
            self.namespace = file.read().strip()
        self.token_file = os.path.join(folder, "token")
        context = ssl.create_default_context(cafile=os.path.join(folder, "ca.crt"))
        # Python 3.13 and later demand fields that certificates of clusters do not all have; who signed is checked all
        # the same. See https://docs.python.org/3/library/ssl.html#ssl.create_default_context.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        # No proxy stands between a pod and its own cluster.
        handlers = [urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)]
        self.opener = urllib.request.build_opener(*handlers)
        host, port = os.environ["KUBERNETES_SERVICE_HOST"], os.environ.get("KUBERNETES_SERVICE_PORT", "443")
        self.server = f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"

    def ask(self, method, path, body=None):
        """What the API server answers; a Refusal where it does not do what it was asked."""
        # The kubelet renews the token while the pod runs.
        with open(self.token_file, encoding="utf-8") as file:
            headers = {"Authorization": f"Bearer {file.read().strip()}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.server + path, data, headers, method=method)
        try:
            with self.opener.open(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Refusal(error.code, message_of(error)) from error

    def path(self, api, resource, name=None):
        root = f"/api/{api}" if "/" not in api else f"/apis/{api}"
        whole = f"{root}/namespaces/{self.namespace}/{resource}"
        return whole if name is None else f"{whole}/{name}"


def message_of(error):
    try:
        return json.load(error).get("message", error.reason)
    except ValueError:
        return error.reason
