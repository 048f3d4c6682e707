namespace Mammo.Networks.Files.Keras;

/// <summary>Output number <paramref name="Output"/> of call number <paramref name="Call"/> of a layer.</summary>
internal readonly record struct KerasTensor(string Layer, int Call, int Output);
