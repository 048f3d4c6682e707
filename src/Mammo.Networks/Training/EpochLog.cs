using System.Text;
using System.Text.Json;

namespace Mammo.Networks.Training;

/// <summary>Epoch records as lines of JSON in a file that grows while a training runs.</summary>
public static class EpochLog
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Adds a record as one line.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>: the file system refuses.</exception>
    public static void Append(string path, EpochRecord record)
    {
        try
        {
            File.AppendAllText(path, JsonSerializer.Serialize(record, Options) + "\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MammoException(ErrorIds.FileNotWritten, $"The training log '{path}' cannot be written: {failure.Message}", target: path, inner: failure);
        }
    }
}
