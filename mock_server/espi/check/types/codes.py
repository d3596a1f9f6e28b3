"""ESPI's code lists (§7.3, §8): the meaning of each number or word. No behaviour."""

from collections.abc import Mapping
from typing import Final


def _codes(text: str) -> Mapping[int, str]:
    """Parses `number meaning` pairs separated by semicolons."""
    pairs = (pair.strip().split(" ", 1) for pair in " ".join(text.split()).split(";"))
    return {int(number): meaning for number, meaning in pairs}


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NUMBERED: Final[Mapping[str, Mapping[int, str]]] = {
    "ServiceKind": _codes("""
        0 electricity; 1 gas; 2 water; 3 time; 4 heat; 5 refuse; 6 sewerage; 7 rates; 8 TV licence;
        9 internet
    """),
    "AccumulationKind": _codes("""
        0 none; 1 bulk quantity; 2 continuous cumulative; 3 cumulative; 4 delta data; 6 indicating;
        9 summation; 10 time delay; 12 instantaneous; 13 latching quantity; 14 bounded quantity
    """),
    "CommodityKind": _codes("""
        0 n/a; 1 electricity secondary metered; 2 electricity primary metered; 3 communication; 4
        air; 5 insulative gas; 6 insulative oil; 7 natural gas; 8 propane; 9 potable water; 10
        steam; 11 waste water; 12 heating fluid; 13 cooling fluid; 14 non-potable water; 15 NOx; 16
        SO2; 17 CH4; 18 CO2; 19 carbon; 20 HCH; 21 PFC; 22 SF6; 23 television; 24 internet; 25
        trash; 26 electricity transmission metered
    """),
    "Currency": _codes("""
        0 other; 36 AUD; 124 CAD; 156 CNY; 208 DKK; 356 INR; 392 JPY; 578 NOK; 643 RUB; 752 SEK; 756
        CHF; 826 GBP; 840 USD; 978 EUR
    """),
    "DataQualifierKind": _codes("""
        0 n/a; 2 average; 4 excess; 5 high threshold; 7 low threshold; 8 maximum; 9 minimum; 11
        nominal; 12 normal; 16 second maximum; 17 second minimum; 23 third maximum; 24 fourth
        maximum; 25 fifth maximum; 26 sum
    """),
    "FlowDirectionKind": _codes("""
        0 n/a; 1 forward; 2 lagging; 3 leading; 4 net; 5 Q1+Q2; 7 Q1+Q3; 8 Q1+Q4; 9 Q1-Q4; 10 Q2+Q3;
        11 Q2+Q4; 12 Q2-Q3; 13 Q3+Q4; 14 Q3-Q2; 15 Q1; 16 Q2; 17 Q3; 18 Q4; 19 reverse; 20 total; 21
        total by phase
    """),
    "PhaseCodeKind": _codes("""
        0 n/a; 16 N; 17 N to ground; 32 C; 33 CN; 40 C against A voltage; 41 ACN; 64 B; 65 BN; 66
        BC; 72 B against A voltage; 96 AC; 97 BCN; 128 A; 129 AN; 132 AB; 136 A against A voltage;
        193 ABN; 224 ABC; 225 ABCN; 256 S2; 272 S2N; 512 S1; 528 S1N; 768 S12; 769 S12N; 784 S1 S2 N
    """),
    "UnitMultiplierKind": _codes("""
        -12 pico; -9 nano; -6 micro; -3 milli; -2 centi; -1 deci; 0 one; 1 deca; 2 hecto; 3 kilo; 6
        mega; 9 giga; 12 tera
    """),
    "QualityOfReading": _codes("""
        0 valid; 7 manually edited; 8 estimated from a reference day; 9 linear interpolation; 10
        questionable; 11 derived; 12 projected; 13 mixed; 14 raw; 15 weather normalised; 16 other;
        17 validated; 18 verified; 19 revenue quality
    """),
    "TimePeriodOfInterest": _codes("""
        0 n/a; 8 billing period; 11 daily; 13 monthly; 22 seasonal; 24 weekly; 32 as the message
        says
    """),
    "TimeAttributeKind": _codes("""
        0 n/a; 1 10-min; 2 15-min; 3 1-min; 4 24-h; 5 30-min; 6 5-min; 7 60-min; 10 2-min; 14 3-min;
        15 present; 16 previous (shifted); 31 20-min; 50 fixed block of 60; 51 fixed block of 30; 52
        fixed block of 20; 53 fixed block of 15; 54 fixed block of 10; 55 fixed block of 5; 56 fixed
        block of 1; 57 rolling block of 60/30; 58 rolling block of 60/20; 59 rolling block of 60/15;
        60 rolling block of 60/12; 61 rolling block of 60/10; 62 rolling block of 60/6; 63 rolling
        block of 60/5; 64 rolling block of 60/4; 65 rolling block of 30/15; 66 rolling block of
        30/10; 67 rolling block of 30/6; 68 rolling block of 30/5; 69 rolling block of 30/3; 70
        rolling block of 30/2; 71 rolling block of 15/5; 72 rolling block of 15/3; 73 rolling block
        of 15/1; 74 rolling block of 10/5; 75 rolling block of 10/2; 76 rolling block of 10/1; 77
        rolling block of 5/1
    """),
    "MeasurementKind": _codes("""
        0 Not Applicable; 2 Apparent Power Factor; 3 Currency; 4 Current; 5 Current Angle; 6 Current
        Imbalance; 7 Date; 8 Demand; 9 Distance; 10 Distortion Volt Amperes; 11 Energization; 12
        Energy; 13 Energization Load Side; 14 Fan; 15 Frequency; 16 Funds; 17 ieee1366ASAI; 18
        ieee1366ASIDI; 19 ieee1366ASIFI; 20 ieee1366CAIDI; 21 ieee1366CAIFI; 22 ieee1366CEMIn; 23
        ieee1366CEMSMIn; 24 ieee1366CTAIDI; 25 ieee1366MAIFI; 26 ieee1366MAIFIe; 27 ieee1366SAIDI;
        28 ieee1366SAIFI; 31 Line Losses; 32 Losses; 33 Negative Sequence; 34 Phasor Power Factor;
        35 Phasor Reactive Power; 36 Positive Sequence; 37 Power; 38 Power Factor; 40 Quantity
        Power; 41 Sag; 42 Swell; 43 Switch Position; 44 Tap Position; 45 Tariff Rate; 46
        Temperature; 47 Total Harmonic Distortion; 48 Transformer Losses; 49 Unipede Voltage Dip 10
        to 15; 50 Unipede Voltage Dip 15 to 30; 51 Unipede Voltage Dip 30 to 60; 52 Unipede Voltage
        Dip 60 to 90; 53 Unipede Voltage Dip 90 to 100; 54 Voltage; 55 Voltage Angle; 56 Voltage
        Excursion; 57 Voltage Imbalance; 58 Volume; 59 Zero Flow Duration; 60 Zero Sequence; 64
        Distortion Power Factor; 81 Frequency Excursion; 90 Application Context; 91 Ap Title; 92
        Asset Number; 93 Bandwidth; 94 Battery Voltage; 95 Broadcast Address; 96 Device Address Type
        1; 97 Device Address Type 2; 98 Device Address Type 3; 99 Device Address Type 4; 100 Device
        Class; 101 Electronic Serial Number; 102 End Device ID; 103 Group Address Type 1; 104 Group
        Address Type 2; 105 Group Address Type 3; 106 Group Address Type 4; 107 IP Address; 108 MAC
        Address; 109 Mfg Assigned Configuration ID; 110 Mfg Assigned Physical Serial Number; 111 Mfg
        Assigned Product Number; 112 Mfg Assigned Unique Communication Address; 113 Multicast
        Address; 114 One Way Address; 115 Signal Strength; 116 Two Way Address; 117 Signal to Noise
        Ratio; 118 Alarm; 119 Battery Carryover; 120 Data Overflow Alarm; 121 Demand Limit; 122
        Demand Reset; 123 Diagnostic; 124 Emergency Limit; 125 Encoder Tamper; 126 ieee1366
        Momentary Interruption; 127 ieee1366 Momentary Interruption Event; 128 ieee1366 Sustained
        Interruption; 129 Interruption Behaviour; 130 Inversion Tamper; 131 Load Interrupt; 132 Load
        Shed; 133 Maintenance; 134 Physical Tamper; 135 Power Loss Tamper; 136 Power Outage; 137
        Power Quality; 138 Power Restoration; 139 Programmed; 140 Push Button; 141 Relay Activation;
        142 Relay Cycle; 143 Removal Tamper; 144 Reprogramming Tamper; 145 Reverse Rotation Tamper;
        146 Switch Armed; 147 Switch Disabled; 148 Tamper; 149 Watchdog Timeout; 150 bill, previous
        period; 151 bill to date; 152 bill carry-over; 153 connection fee; 154 Audible Volume; 155
        Volumetric Flow
    """),
    "UnitSymbolKind": _codes("""
        0 none; 2 m; 3 g; 4 rev/s; 5 A; 6 K; 7 mol; 8 cd; 9 deg; 10 rad; 11 sr; 21 Gy; 22 Bq; 23 °C;
        24 Sv; 25 F; 27 s; 28 H; 29 V; 30 ohm; 31 J; 32 N; 33 Hz; 34 lx; 35 lm; 36 Wb; 37 T; 38 W;
        39 Pa; 41 m²; 42 m³; 43 m/s; 44 m/s²; 45 m³/s; 46 m/m³; 47 kg·m; 48 g/m³; 49 m²/s; 50
        W/(m·K); 51 J/K; 53 S; 54 rad/s; 61 VA; 63 VAr; 65 cosθ; 66 Vs; 67 V²; 68 As; 69 A²; 70 A²s;
        71 VAh; 72 Wh; 73 VArh; 74 V/Hz; 75 Hz/s; 76 char; 77 char/s; 78 gm²; 79 bel; 80 money; 81
        W/s; 82 L/s; 100 Q; 101 Qh; 102 Ωm; 103 A/m; 104 V²h; 105 A²h; 106 Ah; 107 Wh/m³; 108 time
        stamp; 109 status; 111 count; 113 Bm; 114 code; 115 Wh/rev; 116 VArh/rev; 117 VAh/rev; 118
        end device event code; 119 ft³; 120 ft³ comp.; 123 ft³ comp./h; 125 m³/h; 126 m³ comp./h;
        127 m³ uncomp./h; 128 US gal; 129 US gal/h; 130 imperial gal; 131 imperial gal/h; 132 BTU;
        133 BTU/h; 134 L; 137 L/h; 138 L comp./h; 139 L uncomp./h; 140 Pa gauge; 141 psi absolute;
        142 psi gauge; 143 L/L; 144 g/g; 145 mol/m³; 146 mol/mol; 147 mol/kg; 148 m/m; 149 s/s; 150
        Hz/Hz; 151 V/V; 152 A/A; 153 W/VA; 154 rev; 155 Pa absolute; 156 L uncomp.; 157 L comp.; 158
        kat; 159 min; 160 h; 161 Q45; 162 Q60; 163 Q45h; 164 Q60h; 165 J/kg; 166 m³ uncomp.; 167 m³
        comp.; 168 W/W; 169 therm
    """),
    "ItemKind": _codes("""
        1 generation fee; 2 delivery fee; 3 usage fee; 4 administrative fee; 5 tax; 6 generation
        credit; 7 delivery credit; 8 administrative credit; 9 payment; 10 information
    """),
    "CRUDOperation": _codes("0 create; 1 read; 2 update; 3 delete"),
    "StatusCode": _codes("""
        200 ok; 201 created; 202 accepted; 204 no content; 301 moved permanently; 302 redirect; 304
        not modified; 400 bad request; 401 unauthorized; 403 forbidden; 404 not found; 405 method
        not allowed; 410 gone; 500 internal server error
    """),
    "DataCustodianApplicationStatus": _codes("1 review; 2 production; 3 on hold; 4 revoked"),
    "ThirdPartyApplicationStatus": _codes("1 development; 2 review; 3 live; 4 remove"),
    "ThirdPartyApplicationType": _codes("1 web; 2 desktop; 3 mobile; 4 device"),
    "ThirdPartyApplicationUse": _codes("""
        1 energy management; 2 analytical; 3 governmental; 4 academic; 5 law enforcement
    """),
    "AuthorizationStatus": _codes("0 revoked; 1 active; 2 denied"),
    "ServiceStatusKind": _codes("0 unavailable; 1 normal"),
}
"""Numeric codes with a meaning. The schema also accepts other 16-bit numbers, but they have no meaning."""

ENFORCED: Final[Mapping[str, tuple[str, ...]]] = {
    "TokenEndpointMethod": ("client_secret_basic",),
    "GrantType": ("authorization_code", "client_credentials", "refresh_token"),
    "ResponseType": ("code",),
    "TokenType": ("Bearer",),
    "OAuthError": (
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
        "invalid_redirect_uri",
        "invalid_client_metadata",
        "invalid_client_id",
        "access_denied",
        "unsupported_response_type",
        "server_error",
        "temporarily_unavailable",
    ),
    "AmiBillingReadyKind": _words(
        "amiCapable amiDisabled billingApproved enabled nonAmi nonMetered operable"
    ),
    "UsagePointConnectedKind": ("connected", "logicallyDisconnected", "physicallyDisconnected"),
    "ApnodeType": _words("AG CPZ DPZ LAP TH SYS CA DCA GA GH EHV ZN INT BUS"),
    "AnodeType": _words("SYS RUC LFZ REG AGR POD ALR LTAC ACA ASR ECA"),
    "TouOrCppOrConsumptionTier": ("tou", "cpp", "consumptiontier"),
    "EnrollmentStatus": ("unenrolled", "enrolled", "enrolledPending"),
}
"""Words that the schema enforces exactly."""

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "CustomerKind": _words("""residential residentialAndCommercial residentialAndStreetlight
        residentialStreetlightOthers residentialFarmService commercialIndustrial pumpingLoad
        windMachine energyServiceSupplier energyServiceScheduler enterprise
        regionalOperator subsidiary internalUse other"""),
    "SupplierKind": ("utility", "retailer", "other", "lse", "mdma", "msp"),
    "CustomerEnrollmentStatus": ("unenrolled", "enrolled", "enrolledPending"),
    "NotificationMethodKind": ("call", "email", "letter", "other", "ivr"),
    "MeterMultiplierKind": ("kH", "transformerRatio", "kR", "kE", "ctRatio", "ptRatio"),
    "ProgramDateKind": (
        "CUST_DR_PROGRAM_ENROLLMENT_DATE",
        "CUST_DR_PROGRAM_DE_ENROLLMENT_DATE",
        "CUST_DR_PROGRAM_TERM_DATE_REGARDLESS_FINANCIAL",
        "CUST_DR_PROGRAM_TERM_DATE_WITHOUT_FINANCIAL",
    ),
    "MediaType": _words("""application/json application/pdf application/vnd.ms-excel
        application/vnd.oasis.opendocument.spreadsheet application/vnd.oasis.opendocument.text
        application/vnd.openxmlformats-officedocument.spreadsheetml.sheet application/zip image/gif
        image/jpeg image/png text/csv text/html text/plain text/rtf text/xml"""),
}
"""Words with a meaning. The schema also accepts other text."""
