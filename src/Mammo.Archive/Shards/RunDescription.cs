using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace Mammo.Archive.Shards;

/// <summary>The type of a column of results.</summary>
public enum ColumnType
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>A number of 64 bits with a fraction.</summary>
    Number,

    /// <summary>A whole number.</summary>
    Integer,
}

/// <summary>A column that every result of a run has.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it holds.</param>
public sealed record ResultColumn(string Name, ColumnType Type);

/// <summary>What decides the results of a run: two runs with the same one give the same results.</summary>
/// <param name="Options">Each by name.</param>
/// <param name="Columns">The columns of its results; further ones are texts.</param>
public sealed record RunDescription(ImmutableArray<KeyValuePair<string, string>> Options, ImmutableArray<ResultColumn> Columns)
{
    private const int Shown = 3;

    internal const string FileName = "run.json";

    /// <summary>Takes a folder for the run: writes the description first, or compares it with the one that is there.</summary>
    /// <param name="folder">The folder of the results.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ShardOptionsDiffer"/>; <see cref="ErrorIds.FileNotWritten"/>.</exception>
    internal void Claim(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            var temporary = TemporaryFiles.In(folder);
            try
            {
                Directory.CreateDirectory(folder);
                WriteNew(temporary);
                // A link is made only where there is none, also on NFS: of many that come at once one writes.
                File.Move(temporary, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                TemporaryFiles.Remove(temporary);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                TemporaryFiles.Remove(temporary);
                throw new MammoException(ErrorIds.FileNotWritten, $"'{path}' cannot be written: {failure.Message}", WriteErrors.FixOf(failure), path, failure);
            }
        }

        RequireSame(Read(path), path);
    }

    /// <summary>An option of the run whose results are in a folder; null where there is no run yet, or it has no such option.</summary>
    /// <param name="folder">The folder of the results.</param>
    /// <param name="name">Name of the option.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ResultDamaged"/>; <see cref="ErrorIds.FileUnreadable"/>.</exception>
    public static string? OptionOf(string folder, string name) => Of(folder)?.Options.FirstOrDefault(option => option.Key == name).Value;

    /// <summary>Reads the description of a folder's run; null where there is none.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ResultDamaged"/>; <see cref="ErrorIds.FileUnreadable"/>.</exception>
    internal static RunDescription? Of(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) ? Read(path) : null;
    }

    /// <summary>Whether another one decides the same results.</summary>
    internal bool IsSame(RunDescription other) => !Differences(other).Any();

    /// <exception cref="MammoException"><see cref="ErrorIds.ShardOptionsDiffer"/>: results of another run are there.</exception>
    internal void RequireSame(RunDescription other, string path)
    {
        var differences = Differences(other).ToArray();
        if (differences.Length == 0)
            return;
        var rest = differences.Length > Shown ? $"; and {differences.Length - Shown} more" : "";
        throw new MammoException(
            ErrorIds.ShardOptionsDiffer, $"'{path}' belongs to a run with other options: {string.Join("; ", differences.Take(Shown))}{rest}.", target: path);
    }

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("options");
        foreach (var (name, value) in Options)
            json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteStartObject("columns");
        foreach (var column in Columns)
            json.WriteString(column.Name, $"{column.Type}");
        json.WriteEndObject();
    }

    /// <exception cref="JsonException">It is none.</exception>
    internal static RunDescription Parse(JsonElement json)
    {
        try
        {
            return new(
                [.. json.GetProperty("options").EnumerateObject().Select(option => KeyValuePair.Create(option.Name, option.Value.GetString() ?? ""))],
                [.. json.GetProperty("columns").EnumerateObject()
                    .Select(column => new ResultColumn(column.Name, Enum.Parse<ColumnType>(column.Value.GetString()!)))]);
        }
        catch (Exception failure) when (failure is KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new JsonException("it describes no run", failure);
        }
    }

    private IEnumerable<string> Differences(RunDescription other)
    {
        var (mine, theirs) = (Options.ToDictionary(), other.Options.ToDictionary());
        foreach (var name in theirs.Keys.Union(mine.Keys))
        {
            var (my, their) = (mine.GetValueOrDefault(name), theirs.GetValueOrDefault(name));
            if (my != their)
                yield return $"{name} is {their ?? "not set"} there and {my ?? "not set"} here";
        }

        if (!Columns.SequenceEqual(other.Columns))
            yield return "its results have other columns";
    }

    private static RunDescription Read(string path)
    {
        try
        {
            using var text = InputFile.OpenText(path);
            using var json = JsonDocument.Parse(text.ReadToEnd());
            return Parse(json.RootElement);
        }
        catch (JsonException failure)
        {
            throw new MammoException(
                ErrorIds.ResultDamaged, $"'{path}' is damaged: {failure.Message}", "Remove it: the result files beside it say the same of themselves.", path,
                failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw InputFile.Unreadable("description of the run", path, failure);
        }
    }

    private void WriteNew(string path)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        using (var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            Write(json);
            json.WriteEndObject();
        }

        file.Flush(flushToDisk: true);
    }
}
