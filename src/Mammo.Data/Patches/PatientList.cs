using System.Text;

namespace Mammo.Data.Patches;

/// <summary>The original's patient lists: text, one id a line, no header.</summary>
public static class PatientList
{
    /// <summary>Reads the ids in their order; blank lines are passed over.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotFound"/>; <see cref="ErrorIds.DatasetInvalid"/>: it cannot be read.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        try
        {
            return [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MammoException(ErrorIds.FileNotFound, $"The patient list '{path}' does not exist.", target: path, inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MammoException(ErrorIds.DatasetInvalid, $"The patient list '{path}' cannot be read: {error.Message}", target: path, inner: error);
        }
    }

    /// <summary>Writes ids in their order; the file appears whole or not at all.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>.</exception>
    public static void Write(IEnumerable<string> patients, string path)
    {
        ArgumentNullException.ThrowIfNull(patients);
        var text = string.Concat(patients.Select(patient => patient + "\n"));
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }
}
