namespace Mammo.Benchmarks;

/// <summary>
/// Patients with two to four images. Four of ten are ill, and each image of an ill patient shows it with probability 0.6. A score is the sum of a
/// patient's and an image's normal deviate, which share the variance evenly, and of 1 for an image that shows the illness; a second model's scores share
/// half of either deviate with the first model's.
/// </summary>
internal sealed class SimulatedPatients
{
    /// <summary>Area under the ROC curve of a random positive and a random negative image: Φ(1/√2).</summary>
    public const double Area = 0.7602499389065233;

    public SimulatedPatients(int patients, int seed)
    {
        var random = new Random(seed);
        var (first, second, positives, numbers) = (new List<double>(), new List<double>(), new List<bool>(), new List<int>());
        for (var patient = 0; patient < patients; patient++)
        {
            var ill = random.NextDouble() < 0.4;
            var (shared, mine, other) = (Normal(random), Normal(random), Normal(random));
            for (var image = random.Next(2, 5); image > 0; image--)
            {
                var shown = ill && random.NextDouble() < 0.6;
                var (both, one, two) = (Normal(random), Normal(random), Normal(random));
                first.Add(((shared + mine + both + one) / 2) + (shown ? 1 : 0));
                second.Add(((shared + other + both + two) / 2) + (shown ? 1 : 0));
                positives.Add(shown);
                numbers.Add(patient);
            }
        }

        (First, Second, Positives, Patients) = ([.. first], [.. second], [.. positives], [.. numbers]);
    }

    public double[] First { get; }

    public double[] Second { get; }

    public bool[] Positives { get; }

    public int[] Patients { get; }

    /// <summary>A normal deviate (Box and Muller).</summary>
    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
