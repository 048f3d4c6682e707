using Mammo.Networks.Graphs;
using Mammo.Networks.Graphs.Rewriting;
using Mammo.Networks.Models;

namespace Mammo.Networks.Files.Onnx;

/// <summary>Writes models as ONNX, for ONNX Runtime and every other program that reads the format.</summary>
/// <remarks>
/// Operator set 17, IR version 8 (https://github.com/onnx/onnx/blob/main/docs/IR.md). Inputs are float32 of shape (n, channels, rows, columns), prepared as the
/// card says; heatmaps come out in the same order, class probabilities as (n, classes). The network is written as it
/// is run: dropout left out, batch normalisation folded into the layer before it where that is linear. Unfolded it is written layer by layer under its own
/// names.
/// </remarks>
public static class OnnxFile
{
    private const int IrVersion = 8;
    private const int OperatorSet = 17;

    /// <summary>Writes a model to a file, which appears only when it is complete and replaces one of that name.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="isUnfolded">Every layer as it is, for comparisons layer by layer.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.OnnxTooLarge"/>: the model does not fit the format's 2 GB; <see cref="ErrorIds.FileNotWritten"/>: the file system refuses.
    /// </exception>
    public static void Write(MammoModel model, string path, bool isUnfolded = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        var message = Message(model, isUnfolded);
        AtomicFile.Write(path, message.WriteTo);
    }

    /// <summary>Writes a model to a stream.</summary>
    /// <param name="model">The model.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="isUnfolded">As above.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.OnnxTooLarge"/>: the model does not fit the format's 2 GB.</exception>
    public static void Write(MammoModel model, Stream stream, bool isUnfolded = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        Message(model, isUnfolded).WriteTo(stream);
    }

    /// <summary>A network and its weights as ONNX bytes without a card.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.OnnxTooLarge"/>: the model does not fit the format's 2 GB.</exception>
    internal static byte[] Bytes(InferenceForm form)
    {
        var message = Message(form.Graph, form.Weights, []);
        var bytes = new byte[message.Length];
        using var stream = new MemoryStream(bytes);
        message.WriteTo(stream);
        return bytes;
    }

    private static ProtoMessage Message(MammoModel model, bool isUnfolded)
    {
        var form = isUnfolded ? new InferenceForm(model.Graph, model.Weights) : InferenceForm.Of(model.Graph, model.Weights);
        return Message(form.Graph, form.Weights, [Property("mammo.model", model.Name), Property("mammo.card", CardJson.Write(model.Card))]);
    }

    private static ProtoMessage Message(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, IEnumerable<ProtoMessage> properties)
    {
        var message = new ProtoMessage()
            .Add(1, IrVersion)
            .Add(2, "Mammo")
            .Add(3, typeof(OnnxFile).Assembly.GetName().Version!.ToString(3))
            .Add(7, OnnxTranslation.Of(graph, weights))
            .Add(8, new ProtoMessage().Add(1, string.Empty).Add(2, OperatorSet))
            .AddAll(14, properties);
        return message.Length <= int.MaxValue
            ? message
            : throw new MammoException(
                ErrorIds.OnnxTooLarge,
                $"Network '{graph.Name}' needs {message.Length / (1 << 20)} MB as ONNX; the format holds at most 2 GB in one file.",
                "Write it as safetensors.",
                graph.Name);
    }

    private static ProtoMessage Property(string key, string value) => new ProtoMessage().Add(1, key).Add(2, value);
}
