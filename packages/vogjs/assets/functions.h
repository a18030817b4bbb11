// Added to tfjs-node's add-on by `vogjs link-libtensorflow`: a graph becomes a function of the eager context, and runs
// like any operation, by executeOp under its name. Its inputs and results stay where they are, on a GPU too; a saved
// model's take the way through the host.

#include <cstdlib>
#include <string>
#include <vector>

namespace tfnodejs {

// "name:0,other:1" as a graph's outputs; false where one is not there.
static bool OutputsOf(TF_Graph *graph, const std::string &names, std::vector<TF_Output> *outputs) {
  for (size_t begin = 0; begin < names.size();) {
    size_t end = names.find(',', begin);
    if (end == std::string::npos) end = names.size();
    const std::string name = names.substr(begin, end - begin);
    const size_t colon = name.find(':');
    TF_Operation *operation = TF_GraphOperationByName(graph, name.substr(0, colon).c_str());
    if (operation == nullptr || colon == std::string::npos) return false;
    outputs->push_back({operation, std::atoi(name.c_str() + colon + 1)});
    begin = end + 1;
  }
  return true;
}

// createFunction(name, graph: Uint8Array of a GraphDef, inputs: "name:0,...", outputs: "name:0,...")
static napi_value CreateFunction(napi_env env, napi_callback_info info) {
  size_t argc = 4;
  napi_value args[4];
  ENSURE_NAPI_OK_RETVAL(env, napi_get_cb_info(env, info, &argc, args, nullptr, nullptr), nullptr);
  std::string name, inputs, outputs;
  if (argc < 4 || GetStringParam(env, args[0], name) != napi_ok || GetStringParam(env, args[2], inputs) != napi_ok ||
      GetStringParam(env, args[3], outputs) != napi_ok) {
    NAPI_THROW_ERROR(env, "createFunction(name, graph, inputs, outputs) takes a graph's bytes and three strings");
    return nullptr;
  }
  void *bytes = nullptr;
  size_t length = 0;
  ENSURE_NAPI_OK_RETVAL(
      env, napi_get_typedarray_info(env, args[1], nullptr, &length, &bytes, nullptr, nullptr), nullptr);
  TFJSBackend *const backend = GetTFJSBackend(env);
  if (!backend) return nullptr;

  TF_AutoStatus status;
  TF_Graph *graph = TF_NewGraph();
  TF_Buffer *buffer = TF_NewBufferFromString(bytes, length);
  TF_ImportGraphDefOptions *options = TF_NewImportGraphDefOptions();
  TF_GraphImportGraphDef(graph, buffer, options, status.status);
  TF_DeleteImportGraphDefOptions(options);
  TF_DeleteBuffer(buffer);
  if (TF_GetCode(status.status) == TF_OK) {
    std::vector<TF_Output> from, to;
    if (!OutputsOf(graph, inputs, &from) || !OutputsOf(graph, outputs, &to)) {
      TF_SetStatus(status.status, TF_INVALID_ARGUMENT, "an input or output is not in the graph");
    } else {
      TF_Function *function =
          TF_GraphToFunction(graph, name.c_str(), 0, -1, nullptr, static_cast<int>(from.size()), from.data(),
                             static_cast<int>(to.size()), to.data(), nullptr, nullptr, nullptr, status.status);
      if (function != nullptr) {
        TFE_ContextAddFunction(backend->context(), function, status.status);
        TF_DeleteFunction(function);
        if (TF_GetCode(status.status) == TF_OK) ++backend->num_functions;
      }
    }
  }
  TF_DeleteGraph(graph);
  if (TF_GetCode(status.status) != TF_OK) NAPI_THROW_ERROR(env, "createFunction: %s", TF_Message(status.status));
  return nullptr;
}

// deleteFunction(name)
static napi_value DeleteFunction(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value args[1];
  ENSURE_NAPI_OK_RETVAL(env, napi_get_cb_info(env, info, &argc, args, nullptr, nullptr), nullptr);
  std::string name;
  if (argc < 1 || GetStringParam(env, args[0], name) != napi_ok) {
    NAPI_THROW_ERROR(env, "deleteFunction(name) takes a string");
    return nullptr;
  }
  TFJSBackend *const backend = GetTFJSBackend(env);
  if (!backend) return nullptr;
  TF_AutoStatus status;
  TFE_ContextRemoveFunction(backend->context(), name.c_str(), status.status);
  ENSURE_TF_OK_RETVAL(env, status, nullptr);
  --backend->num_functions;
  return nullptr;
}

// getNumOfFunctions()
static napi_value GetNumOfFunctions(napi_env env, napi_callback_info info) {
  TFJSBackend *const backend = GetTFJSBackend(env);
  if (!backend) return nullptr;
  napi_value count;
  ENSURE_NAPI_OK_RETVAL(env, napi_create_int32(env, backend->num_functions, &count), nullptr);
  return count;
}

}  // namespace tfnodejs
