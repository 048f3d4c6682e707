using Microsoft.ML.OnnxRuntime;

namespace Mammo.Scoring;

/// <summary>Sessions of ONNX Runtime with its failures told in Mammo's words.</summary>
internal static class OnnxSession
{
    /// <summary>Loads ONNX bytes for the CPU.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.OnnxUnavailable"/>: the native library cannot be loaded; <see cref="ErrorIds.EngineFailed"/>: it refuses the network, mostly for want of
    /// memory.
    /// </exception>
    public static InferenceSession Create(byte[] bytes, int threads)
    {
        try
        {
            // Scores of patients are nobody's telemetry.
            OrtEnv.Instance().DisableTelemetryEvents();
            using var options = Options(threads);
            return new InferenceSession(bytes, options);
        }
        catch (OnnxRuntimeException failure)
        {
            throw Failed("cannot load the network", failure);
        }
        catch (Exception failure) when (failure is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new MammoException(
                ErrorIds.OnnxUnavailable,
                $"ONNX Runtime cannot be loaded: {failure.GetBaseException().Message}",
                "Check that the onnxruntime library for this system is in the module's bin folder, or use -Engine torch.",
                inner: failure);
        }
    }

    /// <summary>Runs a session.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.EngineFailed"/>: mostly for want of memory.</exception>
    public static IDisposableReadOnlyCollection<OrtValue> Run(InferenceSession session, string inputName, OrtValue input, string outputName)
    {
        try
        {
            using var options = new RunOptions();
            return session.Run(options, [inputName], [input], [outputName]);
        }
        catch (OnnxRuntimeException failure)
        {
            throw Failed("cannot run the network", failure);
        }
    }

    private static SessionOptions Options(int threads)
    {
        var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,

            // A pattern for each input shape comes on top of the arena: 500 MB more for VGG16 at 1152x896, and no faster.
            EnableMemoryPattern = false,
        };

        // Putting a Pad into an AveragePool whose kernel is not larger gives a pool that ONNX Runtime itself then refuses.
        options.AddSessionConfigEntry("optimization.disable_specified_optimizers", "Pad_Fusion");
        return options;
    }

    private static MammoException Failed(string what, OnnxRuntimeException failure) => new(
        ErrorIds.EngineFailed,
        $"ONNX Runtime {what}: {failure.Message}",
        "Use smaller images, or free memory; -Engine torch runs the same network.",
        inner: failure);
}
