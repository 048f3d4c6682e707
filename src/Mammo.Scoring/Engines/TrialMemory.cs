using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Scoring.Managed;

namespace Mammo.Scoring.Engines;

/// <summary>What trials found, for as long as the process runs, and in a file where the user names one: nothing is written unasked.</summary>
/// <param name="path">The file; null for none.</param>
internal sealed class TrialMemory(string? path)
{
    /// <summary>The environment variable that names the file.</summary>
    public const string FileVariable = "MAMMO_ENGINE_CACHE";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter<EngineKind>() },
    };

    private readonly ConcurrentDictionary<TrialKey, TrialResult> _known = new();

    /// <summary>What this process knows, with the file that the user names.</summary>
    public static TrialMemory OfProcess { get; } =
        new(Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } path ? Path.GetFullPath(path) : null);

    /// <summary>What is known.</summary>
    public TrialResult? Find(TrialKey key)
    {
        if (_known.TryGetValue(key, out var known))
            return known;
        var kept = path is null ? null : Read(path)?.Find(row => row.Key == key)?.Result;
        return kept is { Engine: EngineKind.Mammo or EngineKind.Onnx } ? _known[key] = kept : null;
    }

    /// <summary>Keeps what a trial found.</summary>
    /// <param name="key">What was tried.</param>
    /// <param name="result">What was found.</param>
    /// <returns>Why it could not be kept in the file; null where it was, or none is named.</returns>
    public string? Keep(TrialKey key, TrialResult result)
    {
        _known[key] = result;
        if (path is null || result.Reason is not null)
            return null;
        if (Read(path) is not { } rows)
            return $"'{path}' is no file of measured engines, so it is left as it is";
        try
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(rows.Where(row => row.Key != key).Append(new TrialRow(key, result)), Json);
            AtomicFile.Write(path, stream => stream.Write(bytes));
            return null;
        }
        catch (Exception failure) when (failure is MammoException or IOException or UnauthorizedAccessException)
        {
            return $"not kept: {failure.Message}";
        }
    }

    /// <summary>The file's rows; null where it holds something else.</summary>
    private static List<TrialRow>? Read(string path)
    {
        if (!Path.Exists(path))
            return [];
        try
        {
            using var reader = InputFile.OpenText(path);
            return JsonSerializer.Deserialize<List<TrialRow>>(reader.ReadToEnd(), Json);
        }
        catch (Exception failure) when (failure is JsonException or MammoException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed record TrialRow(TrialKey Key, TrialResult Result);
}

/// <summary>What decides which engine is faster.</summary>
/// <param name="Processor">Its name and model, and the width of its registers: virtual machines hide the rest of the name.</param>
/// <param name="Threads">Threads of an engine.</param>
/// <param name="Build">Which build of Mammo.</param>
/// <param name="Network">Hash of the network's layers; it takes the same time whatever their weights are.</param>
/// <param name="Size">Rows and columns of the images.</param>
internal sealed record TrialKey(string Processor, int Threads, string Build, string Network, string Size)
{
    private static readonly string ThisProcessor = $"{Brand()}, {Model()}{ProcessorLanes.Widest} lanes";

    /// <summary>The key of a network on this machine.</summary>
    public static TrialKey Of(LayerGraph graph, ImageSize size) =>
        new(ThisProcessor, ProcessorCores.Count, typeof(TrialKey).Module.ModuleVersionId.ToString("N"), HashOf(graph), size.ToString());

    // Layers are numbered: the same network under other names takes the same time.
    private static string HashOf(LayerGraph graph)
    {
        var numbers = graph.Layers.Select((layer, index) => (layer.Name, Number: index.ToString(CultureInfo.InvariantCulture)))
            .ToDictionary(pair => pair.Name, pair => pair.Number, StringComparer.Ordinal);
        var layers = graph.Layers.Select(layer => GraphJson.Write(new Layer(numbers[layer.Name], layer.Kind, [.. layer.Inputs.Select(name => numbers[name])])));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', layers))));
    }

    /// <summary>Family, model and stepping as cpuid's function 1 has them.</summary>
    private static string Model() =>
        X86Base.IsSupported ? string.Create(CultureInfo.InvariantCulture, $"model {X86Base.CpuId(1, 0).Eax:x}, ") : "";

    /// <summary>The processor's own name (functions 0x80000002 to 4 of cpuid); its architecture where it has none.</summary>
    private static string Brand()
    {
        const int Functions = unchecked((int)0x80000000);
        const int First = Functions + 2;
        if (!X86Base.IsSupported || X86Base.CpuId(Functions, 0).Eax < First + 2)
            return RuntimeInformation.ProcessArchitecture.ToString();
        var bytes = new List<byte>();
        for (var function = First; function < First + 3; function++)
        {
            var (a, b, c, d) = X86Base.CpuId(function, 0);
            foreach (var register in (int[])[a, b, c, d])
                bytes.AddRange(BitConverter.GetBytes(register));
        }

        return Encoding.ASCII.GetString([.. bytes]).TrimEnd('\0').Trim();
    }
}
