using System.Globalization;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;

namespace Mammo.Networks.Files.Safetensors;

/// <summary>Mammo's own model file: safetensors with the network and the card as JSON in the metadata.</summary>
internal static class SafetensorsModel
{
    /// <summary>Version of the metadata below; a reader refuses a higher one.</summary>
    private const int FormatVersion = 1;

    private const string FormatKey = "mammo.format";
    private const string GraphKey = "mammo.graph";
    private const string CardKey = "mammo.card";

    /// <summary>Reads a model and verifies the fingerprint of its weights.</summary>
    /// <exception cref="MammoException">Not a safetensors file, damaged, or not written by Mammo.</exception>
    public static MammoModel Read(string path) => SafetensorsFile.Read(path, file => Read(path, file));

    /// <summary>Writes a model.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotWritten"/>; <see cref="ErrorIds.WeightOutOfRange"/>.</exception>
    public static void Write(MammoModel model, string path, WeightFormat format)
    {
        var stored = Stored(model, format);
        var card = Ensemble.Hashed(model.Card, stored) with { WeightHash = WeightHash.Of(stored) };
        Dictionary<string, string> metadata = new()
        {
            [FormatKey] = FormatVersion.ToString(CultureInfo.InvariantCulture),
            [GraphKey] = GraphJson.Write(model.Graph),
            [CardKey] = CardJson.Write(card),
        };
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, stored, metadata, weight => Type(weight, format)));
    }

    private static MammoModel Read(string path, SafetensorsFile file)
    {
        CheckVersion(path, file.Header);
        var graph = InFile(path, () => GraphJson.Read(file.Header.Metadata[GraphKey]));
        var card = InFile(path, () => Ensemble.Counted(CardJson.Read(file.Header.Metadata.GetValueOrDefault(CardKey) ?? "{}")));
        var weights = file.Header.Entries.ToDictionary(entry => entry.Name, file.Weight, StringComparer.Ordinal);
        var hash = WeightHash.Of(weights);
        if (card.WeightHash is { } expected && !string.Equals(expected, hash, StringComparison.OrdinalIgnoreCase))
        {
            throw new MammoException(
                ErrorIds.ModelFileInvalid,
                $"The weights in '{path}' were changed after the model was written: their SHA-256 is {hash}, and the card says {expected}.",
                "Fetch the file again.",
                path);
        }

        var model = new MammoModel(Path.GetFileNameWithoutExtension(path), graph, weights, card with { WeightHash = hash }) { ComputedHash = hash };
        Ensemble.CheckFile(path, card, weights);
        return model;
    }

    private static void CheckVersion(string path, SafetensorsHeader header)
    {
        if (!header.Metadata.TryGetValue(FormatKey, out var version) || !header.Metadata.ContainsKey(GraphKey))
        {
            throw new MammoException(
                ErrorIds.ModelFileInvalid,
                $"'{path}' is safetensors, but holds weights only: Mammo's description of the network ({GraphKey}) is missing.",
                "Give a file that Export-MammoModel wrote, or build the network and read these weights into it with New-PatchModel -PretrainedWeight.",
                path);
        }

        if (version != FormatVersion.ToString(CultureInfo.InvariantCulture))
        {
            throw new MammoException(
                ErrorIds.ModelFileInvalid, $"'{path}' is written in version '{version}' of Mammo's model format; this program knows "
                    + $"{FormatVersion}.", "Update Mammo.", path);
        }
    }

    /// <summary>The weights as the file will give them back, in the network's order.</summary>
    private static List<KeyValuePair<string, Weight>> Stored(MammoModel model, WeightFormat format) =>
        [.. WeightPlan.Of(model.Graph).Select(plan => KeyValuePair.Create(plan.Name, Rounded(plan.Name, model.Weights[plan.Name], format)))];

    private static Weight Rounded(string name, Weight weight, WeightFormat format) => Type(weight, format) switch
    {
        SafetensorsType.Float16 => weight with { Values = Array.ConvertAll(weight.Values, value => ToHalf(name, value)) },
        SafetensorsType.BFloat16 => weight with { Values = Array.ConvertAll(weight.Values, value => BFloat16.ToSingle(BFloat16.FromSingle(value))) },
        _ => weight,
    };

    private static float ToHalf(string name, float value)
    {
        var rounded = (float)(Half)value;
        return float.IsFinite(rounded) || !float.IsFinite(value)
            ? rounded
            : throw new MammoException(
                ErrorIds.WeightOutOfRange, $"Weight '{name}' has the value {value}, which float16 cannot hold (65504 at most).",
                "Write the model as bfloat16 or float32.", name);
    }

    private static string Type(Weight weight, WeightFormat format) => weight.Shape.Length < 2 ? SafetensorsType.Float32 : SafetensorsType.Of(format);

    /// <summary>Adds the file to errors about texts in it.</summary>
    private static T InFile<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (MammoException failure)
        {
            throw new MammoException(failure.ErrorId, $"'{path}': {failure.Message}", failure.SuggestedFix, path, failure);
        }
    }
}
