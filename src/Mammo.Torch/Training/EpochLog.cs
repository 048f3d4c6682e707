using System.Text.Json;
using System.Text.Json.Serialization;
using Mammo.Data;

namespace Mammo.Torch.Training;

/// <summary>Epochs as a file of JSON lines, one epoch a line.</summary>
public static class EpochLog
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Writes the file anew with all epochs, so that it tells the same as the checkpoint even where a training was killed between the two; it appears whole or not at all.</summary>
    /// <param name="path">The file; its folder is made if it is missing.</param>
    /// <param name="epochs">All epochs so far.</param>
    public static void Write(string path, IEnumerable<EpochRecord> epochs)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        AtomicFile.Write(path, stream =>
        {
            foreach (var epoch in epochs)
            {
                JsonSerializer.Serialize(stream, epoch, Json);
                stream.WriteByte((byte)'\n');
            }
        });
    }
}
