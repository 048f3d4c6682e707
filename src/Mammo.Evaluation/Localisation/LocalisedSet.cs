using Mammo.Evaluation.Sets;

namespace Mammo.Evaluation.Localisation;

/// <summary>Images with marks and lesions as columns of lesions, of false marks and of images, each ranked once.</summary>
public sealed class LocalisedSet
{
    private LocalisedSet(IReadOnlyList<LocalisedImage> images, int[] patients, bool hasPatients)
    {
        (Patients, HasPatients, ImageCount, PatientCount) = (patients, hasPatients, images.Count, patients.Length == 0 ? 0 : patients.Max() + 1);
        var (lesions, share, lesionImages) = (new List<double>(), new List<double>(), new List<int>());
        var (falseMarks, falseImages) = (new List<double>(), new List<int>());
        HighestFalse = new double[images.Count];
        HighestHit = new double[images.Count];
        Lesions = [.. images.Select(image => image.Lesions)];
        Array.Fill(HighestFalse, double.NegativeInfinity);
        Array.Fill(HighestHit, double.NegativeInfinity);
        for (var image = 0; image < images.Count; image++)
        {
            var first = lesions.Count;
            for (var lesion = 0; lesion < images[image].Lesions; lesion++)
            {
                lesions.Add(double.NegativeInfinity);
                share.Add(1.0 / images[image].Lesions);
                lesionImages.Add(image);
            }

            foreach (var (score, hit) in images[image].Marks)
            {
                if (hit is { } lesion)
                {
                    lesions[first + lesion] = Math.Max(lesions[first + lesion], score);
                    HighestHit[image] = Math.Max(HighestHit[image], score);
                    continue;
                }

                falseMarks.Add(score);
                falseImages.Add(image);
                HighestFalse[image] = Math.Max(HighestFalse[image], score);
            }
        }

        LesionCount = lesions.Count;
        FalseMarkCount = falseMarks.Count;
        int[] normal = [.. Enumerable.Range(0, images.Count).Where(image => images[image].Lesions == 0)], all = [.. Enumerable.Range(0, images.Count)];
        double[] ones = [.. Enumerable.Repeat(1.0, normal.Length)];
        Froc = Set(falseMarks, falseImages);
        Jafroc = Set(normal.Select(image => HighestFalse[image]), normal);
        JafrocAll = Set(HighestFalse, all);
        WeightedJafroc = Set(normal.Select(image => HighestFalse[image]), normal, [.. share, .. ones]);

        ScoredSet Set(IEnumerable<double> negatives, IReadOnlyCollection<int> negativeImages, double[]? weights = null) => ScoredSet.Unchecked(
            [.. lesions, .. negatives],
            [.. lesions.Select(_ => true), .. negativeImages.Select(_ => false)],
            weights,
            [.. lesionImages.Concat(negativeImages).Select(image => patients[image])],
            PatientCount);
    }

    /// <summary>Number of images.</summary>
    public int ImageCount { get; }

    /// <summary>Number of lesions.</summary>
    public int LesionCount { get; }

    /// <summary>Number of images without lesions.</summary>
    public int NormalCount => Lesions.Count(count => count == 0);

    /// <summary>Number of marks that hit no lesion.</summary>
    public int FalseMarkCount { get; }

    /// <summary>Number of patients; that of the images when <see cref="HasPatients"/> is false.</summary>
    public int PatientCount { get; }

    /// <summary>Whether the patients are known. If not, each image counts as a patient of its own.</summary>
    public bool HasPatients { get; }

    /// <summary>Patient of each image.</summary>
    internal int[] Patients { get; }

    /// <summary>Number of lesions of each image.</summary>
    internal int[] Lesions { get; }

    /// <summary>Highest false mark of each image; −∞ for none.</summary>
    internal double[] HighestFalse { get; }

    /// <summary>Highest mark on a lesion of each image; −∞ for none.</summary>
    internal double[] HighestHit { get; }

    /// <summary>Lesions, with their highest mark or −∞, against all false marks.</summary>
    internal ScoredSet Froc { get; }

    /// <summary>Lesions against normal images, with their highest false mark or −∞.</summary>
    internal ScoredSet Jafroc { get; }

    /// <summary>The same with the lesions of each image weighing 1 together.</summary>
    internal ScoredSet WeightedJafroc { get; }

    /// <summary>Lesions against all images, with their highest false mark or −∞.</summary>
    internal ScoredSet JafrocAll { get; }

    /// <summary>Makes a set.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ScoreInvalid"/>: a mark's score is NaN or infinite. <see cref="ErrorIds.PatientMissing"/>: the patient of some images
    /// is known and of others not.
    /// </exception>
    /// <exception cref="ArgumentException">A mark hits a lesion that its image does not have.</exception>
    public static LocalisedSet Of(IReadOnlyList<LocalisedImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var patients = new PatientNumbers();
        foreach (var image in images)
        {
            patients.Add(image.Patient, image.Id);
            foreach (var (score, lesion) in image.Marks)
            {
                if (!double.IsFinite(score))
                {
                    throw new MammoException(
                        ErrorIds.ScoreInvalid, $"A mark on {image.Id} has the score {score}.", "Leave the image out, or make its heatmap again.", image.Id);
                }

                if (lesion < 0 || lesion >= image.Lesions)
                    throw new ArgumentException($"{image.Id} has {image.Lesions} lesions and a mark on lesion {lesion}.", nameof(images));
            }
        }

        return new LocalisedSet(images, patients.Numbers ?? [.. Enumerable.Range(0, images.Count)], patients.Numbers is not null);
    }
}
